"""The pages of people and rights: what an administrator sees and does, and what nobody does for themselves."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from interfaces.logging_in import inside, log_in, made, set_up, signed_in

from zhike.operations.governance import belonging
from zhike.operations.governance.actors import system_actor
from zhike.operations.governance.attempts import MOST_BY_NAME
from zhike.operations.governance.models import AuditEntry, Membership, User

pytestmark = pytest.mark.django_db
SYSTEM = system_actor()


@pytest.fixture
def boss() -> Client:
    belonging.branches_keep(
        SYSTEM,
        versions=[
            {"branch_id": 10, "parent_id": None, "name": "北京分行", "valid_from": belonging.today(), "valid_to": None}
        ],
    )
    return signed_in("boss", "administrator", REMOTE_ADDR="10.2.2.2")


def _do(client: Client, user: str, deed: str) -> int:
    return client.post(f"/person/{user}/do/", {"deed": deed}).status_code


def _changes_it_first(client: Client) -> bool:
    """Logged in with a password that an administrator knows."""
    return not inside(client) and client.get("/account/password/").status_code == 200


def _secret(answer: object) -> str:
    (found,) = re.findall(r'code secret">([^<]+)<', answer.content.decode())  # type: ignore[attr-defined]
    return str(found)


def test_a_new_user_logs_in_with_the_password_shown_once(boss: Client) -> None:
    answer = boss.post("/people/add/", {"user": "lin", "role": "teller", "language": "en"})
    password = _secret(answer)
    assert _changes_it_first(log_in("lin", password)[0])
    assert password not in boss.get("/people/").content.decode()
    assert (User.objects.get(username="lin").role, User.objects.get(username="lin").locale) == ("teller", "en")
    for wrong in ({"user": "lin", "role": "teller"}, {"user": "LIN", "role": "teller"}):
        assert boss.post("/people/add/", wrong).status_code == 409
    for wrong in ({"user": "l i n", "role": "teller"}, {"user": "wu", "role": "cardholder"}, {}):
        answer = boss.post("/people/add/", wrong)
        assert answer.status_code == 400
        assert 'role="alert"' in answer.content.decode()


def test_the_list_says_who_is_locked_and_disabled_and_has_a_second_factor(boss: Client) -> None:
    password = made("lin")
    set_up(log_in("lin", password)[0], password)
    made("wu")
    for _ in range(MOST_BY_NAME):
        log_in("wu", "wrong", REMOTE_ADDR="10.3.3.3")
    made("zhou")
    _do(boss, "zhou", "disable")
    rows = {
        re.findall(r'class="link" href="/person/([^/]+)/', row)[0]: re.findall(r'class="tag ?(\w*)"', row)
        for row in boss.get("/people/").content.decode().split("<tr>")
        if "/person/" in row
    }
    assert rows == {"boss": ["", ""], "lin": ["good", ""], "wu": ["", "watch"], "zhou": ["", "bad"]}
    assert "/person/lin/" not in boss.get("/people/?containing=wu").content.decode()


def test_every_deed_does_what_it_says(boss: Client) -> None:
    password = made("lin", "teller")
    client, _ = log_in("lin", password)
    set_up(client, password)
    assert _do(boss, "lin", "reset_factor") == 302
    assert not inside(client)
    client, _ = log_in("lin", password)
    assert _do(boss, "lin", "end_sessions") == 302
    assert not inside(client)
    for _ in range(MOST_BY_NAME):
        log_in("lin", "wrong", REMOTE_ADDR="10.3.3.3")
    assert not inside(log_in("lin", password)[0])
    assert _do(boss, "lin", "unlock") == 302
    client, _ = log_in("lin", password)
    assert inside(client)
    assert _do(boss, "lin", "disable") == 302
    assert not inside(client)
    assert _do(boss, "lin", "enable") == 302
    assert not inside(client), "what was ended does not come back"
    assert boss.post("/person/lin/password/").status_code == 400, "who reset the factor does not reset the password"
    password = made("lin.two", "teller")
    fresh = _secret(boss.post("/person/lin.two/password/"))
    assert not inside(log_in("lin.two", password)[0])
    assert _changes_it_first(log_in("lin.two", fresh)[0])
    assert _do(boss, "lin", "narrow") == 302
    assert User.objects.get(username="lin").assigned_only
    assert _do(boss, "lin", "widen") == 302
    actions = set(
        AuditEntry.objects.filter(object_id__in=("lin", "lin.two"), actor_name="boss").values_list("action", flat=True)
    )
    assert {"factor.reset", "session.end_all", "user.unlock", "user.disable", "user.enable", "user.reset"} <= actions


@pytest.mark.parametrize("deed", ["disable", "reset_factor", "narrow", "widen"])
def test_nobody_does_it_to_themselves(boss: Client, deed: str) -> None:
    assert _do(boss, "boss", deed) == 400
    assert inside(boss)


def test_nobody_gives_themselves_a_place_a_cover_or_a_role(boss: Client) -> None:
    made("lin", "teller")
    day = belonging.today().isoformat()
    assert boss.post("/person/boss/belong/", {"branch": "10", "from": day}).status_code == 400
    cover = {"covers": "lin", "from": day, "until": "2999-01-01"}
    assert boss.post("/person/boss/cover/", cover).status_code == 400
    assert not Membership.objects.exists()
    assert "/approvals/ask/" not in boss.get("/person/boss/").content.decode()
    assert "/approvals/ask/?kind=role_change&amp;user=lin" in boss.get("/person/lin/").content.decode()


def test_places_and_covers_from_a_day_to_a_day(boss: Client) -> None:
    for name in ("lin", "wu"):
        made(name, "teller")
    day = belonging.today().isoformat()
    assert boss.post("/person/lin/belong/", {"branch": "10", "from": day}).status_code == 302
    assert "北京分行" in boss.get("/person/lin/").content.decode()
    soon = (belonging.today() + timedelta(days=7)).isoformat()
    for wrong in (
        {"branch": "99", "from": day}, {"branch": "x", "from": day}, {"branch": "10", "from": "soon"}, {},
    ):  # fmt: skip
        assert boss.post("/person/lin/belong/", wrong).status_code == 400
    assert boss.post("/person/lin/cover/", {"covers": "wu", "from": day}).status_code == 400
    assert boss.post("/person/lin/cover/", {"covers": "nobody", "from": day, "until": "2999-01-01"}).status_code == 400
    assert boss.post("/person/lin/cover/", {"covers": "wu", "until": soon}).status_code == 302
    assert f"→ {soon}" in boss.get("/person/lin/").content.decode()


def test_a_user_who_does_not_exist(boss: Client) -> None:
    assert boss.get("/person/nobody/").status_code == 404
    for deed in ("unlock", "end_sessions", "reset_factor", "disable", "enable", "narrow"):
        assert _do(boss, "nobody", deed) == 404
    assert _do(boss, "nobody", "promote") == 400


def test_an_api_key_is_shown_once_and_revoked(boss: Client) -> None:
    made("lin")
    until = belonging.today().isoformat()
    form = {"owner": "lin", "title": "nightly", "last_day": until, "right": ["count_segment"]}
    key = _secret(boss.post("/api-keys/make/", form))
    header = {"Authorization": f"Bearer {key}"}
    count = "/api/v1/segments/count?expression=cards_held%20%3D%201"
    assert Client().get(count, headers=header).status_code in (200, 503)
    assert key not in boss.get("/api-keys/").content.decode()
    assert boss.post("/api-keys/revoke/", {"key": key.split("_")[1]}).status_code == 302
    assert Client().get(count, headers=header).status_code == 401
    for wrong in (
        {},
        {**form, "owner": "nobody"},
        {**form, "right": ["manage_users"]},
        {**form, "last_day": "2999-01-01"},
    ):
        assert boss.post("/api-keys/make/", wrong).status_code in (400, 404)
