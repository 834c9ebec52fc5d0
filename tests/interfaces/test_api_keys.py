"""API keys: shown once, kept as a hash, never more than their owner, told apart by nothing when wrong."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from interfaces.logging_in import made
from small_bank import customer_id

from zhike.core.clock import now
from zhike.core.errors import BadInput, NotFound
from zhike.operations.governance import api_keys
from zhike.operations.governance.acting import transaction_of
from zhike.operations.governance.actions import user_disable, user_reset, user_role_change
from zhike.operations.governance.actors import system_actor
from zhike.operations.governance.attempts import MOST_BY_ADDRESS
from zhike.operations.governance.belonging import membership_begin, today
from zhike.operations.governance.models import ApiKey, AuditEntry, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_bank")]
SYSTEM = system_actor()
COUNT = "/api/v1/segments/count?expression=cards_held%20%3D%201"


def _key(owner: str = "lin", *may: str, days: int = 30) -> str:
    wanted = may or ("count_segment",)
    return api_keys.key_make(
        SYSTEM, owner=owner, title="nightly", permissions=wanted, last_day=today() + timedelta(days)
    )


def _call(key: str, address: str = COUNT, scheme: str = "Bearer", **place: str) -> int:
    return Client(**place).get(address, headers={"Authorization": f"{scheme} {key}"}).status_code


def test_a_key_does_what_it_says_and_nothing_else() -> None:
    made("lin")
    key = _key()
    assert _call(key) == 200
    assert _call(key, scheme="bearer") == 200
    assert _call(key, f"/api/v1/customers/{customer_id(0)}") == 403
    (told,) = api_keys.keys_list(SYSTEM)
    assert (told.owner, told.permissions, told.state) == ("lin", ("count_segment",), "valid")
    assert told.last_used_at is not None
    secret = key.split("_", 2)[2]
    with transaction_of(SYSTEM):
        kept = str([(bytes(row.pop("secret_hash")), row) for row in ApiKey.objects.values()])
        assert secret not in kept + str(list(AuditEntry.objects.values()))


def test_a_key_of_the_first_version_still_opens() -> None:
    """Its id is in hexadecimal, as those made then are."""
    made("lin")
    secret, old = _key().split("_", 2)[2], "0123456789ab"  # the secret may hold an underscore itself
    ApiKey.objects.create(
        id=old, secret_hash=api_keys._hash(old, secret), owner=User.objects.get(username="lin"), title="nightly",
        permissions=["count_segment"], made_by="lin", expires_at=now() + timedelta(days=1),
    )  # fmt: skip
    assert _call(f"zk_{old}_{secret}") == 200
    assert _call(f"zk_{old}_{secret[:-1]}") == 401


def test_a_key_opens_no_page() -> None:
    made("lin", "administrator")
    key = _key("lin", "view_overview", "view_customer")
    for page in ("/", "/account/", f"/customers/{customer_id(0)}/"):
        assert _call(key, page) == 302


def test_a_key_is_cut_by_its_owners_rights_and_rows_of_the_day() -> None:
    made("zhou", "branch_manager")
    membership_begin(SYSTEM, user="zhou", branch_id=10, valid_from=today())
    key = _key("zhou", "view_customer", "view_decision", "count_segment")
    own, other = (f"/api/v1/customers/{customer_id(n)}" for n in (0, 2))
    assert (_call(key, own), _call(key, other)) == (200, 404)
    user_role_change(SYSTEM, user="zhou", role_name="executive")
    assert (_call(key, own), _call(key)) == (403, 200)
    user_disable(SYSTEM, user="zhou")
    assert _call(key) == 401


@pytest.mark.parametrize("right", ["view_customer", "manage_users", "sign_request", "reveal_identity", "nonsense"])
def test_no_key_has_more_than_its_owner_or_what_is_for_people(right: str) -> None:
    made("lin", "executive" if right == "view_customer" else "administrator")
    with pytest.raises(BadInput):
        _key("lin", right)


def test_a_key_ends() -> None:
    made("lin")
    for days in (-1, api_keys.LONGEST_DAYS):
        with pytest.raises(BadInput, match="366"):
            _key(days=days)
    key = _key(days=api_keys.LONGEST_DAYS - 1)
    with transaction_of(SYSTEM, read_only=False), pytest.raises(IntegrityError), transaction.atomic():
        ApiKey.objects.update(expires_at=ApiKey.objects.get().made_at + timedelta(days=367))
    revoked = _key()
    api_keys.key_revoke(SYSTEM, key_id=revoked.split("_")[1])
    with pytest.raises(NotFound):
        api_keys.key_revoke(SYSTEM, key_id=revoked.split("_")[1])
    assert (_call(key), _call(revoked)) == (200, 401)
    with transaction_of(SYSTEM, read_only=False):
        ApiKey.objects.update(made_at=now() - timedelta(days=9), expires_at=now() - timedelta(days=1))
    assert _call(key) == 401
    assert {each.state for each in api_keys.keys_list(SYSTEM)} == {"expired", "revoked"}


def test_whatever_is_wrong_is_answered_alike_and_counted() -> None:
    made("lin")
    key = _key()
    other = _key()
    mixed = f"zk_{key.split('_', 2)[1]}_{other.split('_', 2)[2]}"
    wrong = ["", "x", key[:-1], key + "x", mixed, "zk_0123456789ab_" + "A" * 43]
    client = Client(REMOTE_ADDR="10.9.9.9")
    bodies = {client.get(COUNT, headers={"Authorization": f"Bearer {each}"}).content for each in wrong}
    assert len(bodies) == 1
    for _ in range(MOST_BY_ADDRESS - len(wrong)):
        assert _call("x", REMOTE_ADDR="10.9.9.9") == 401
    assert _call(key, REMOTE_ADDR="10.9.9.9") == 401, "the address is locked for keys"
    assert _call(key, REMOTE_ADDR="10.9.9.8") == 200
    name, password = "wu", made("wu")
    answer = Client(REMOTE_ADDR="10.9.9.9").post("/login/", {"login": name, "password": password})
    assert answer.status_code == 302, "and open for people"


def test_a_session_needs_a_form_token_and_a_key_none() -> None:
    made("lin")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(User.objects.get(username="lin"))
    assert strict.post("/api/v1/segments/count").status_code == 405
    assert strict.get(COUNT).status_code == 200
    assert strict.get(COUNT, headers={"Authorization": "Bearer nonsense"}).status_code == 401, "no falling back"
    assert strict.get(COUNT, headers={"Authorization": f"Bearer {_key()}"}).status_code == 200


def test_a_new_password_leaves_keys_alone() -> None:
    made("lin")
    key = _key()
    user_reset(SYSTEM, user="lin")
    assert _call(key) == 200
