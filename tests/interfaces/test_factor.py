"""The second factor, by the pages: set up, asked for, spent once, recovered, reset; sealed where it is kept."""

import json
import re
from dataclasses import replace

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.test import Client
from interfaces.logging_in import code, inside, log_in, made, set_up

from zhike.core.errors import BadInput, Invariant
from zhike.core.settings import settings
from zhike.interfaces.accounts import guard
from zhike.interfaces.accounts.adapters import Factors
from zhike.operations.governance.actors import system_actor
from zhike.operations.governance.attempts import MOST_BY_NAME
from zhike.operations.governance.factor import factor_reset
from zhike.operations.governance.models import AuditEntry, User
from zhike.operations.governance.queries import actor_of

pytestmark = pytest.mark.django_db


def _with_factor() -> tuple[str, str, list[str]]:
    password = made("lin")
    client, _ = log_in("lin", password)
    return password, *set_up(client, password)


def test_a_password_alone_opens_nothing_any_more() -> None:
    password, secret, _ = _with_factor()
    client, answer = log_in("lin", password)
    assert answer["Location"].startswith("/login/code/")
    assert not inside(client)
    assert client.post("/login/code/", {"code": "000000"}).status_code == 200
    assert not inside(client)
    assert client.post("/login/code/", {"code": code(secret, 1)}).status_code == 302
    assert inside(client)
    changes = AuditEntry.objects.filter(action="factor.change").values_list("actor_name", "detail__change")
    assert list(changes) == [("lin", "set up")]


def test_a_code_holds_once_in_every_process() -> None:
    password, secret, _ = _with_factor()
    spent = code(secret, 1)
    for expected in (True, False):
        client, _ = log_in("lin", password)
        client.post("/login/code/", {"code": spent})
        assert inside(client) is expected


def test_five_wrong_codes_lock_the_name() -> None:
    password, secret, _ = _with_factor()
    client, _ = log_in("lin", password)
    wrong = [client.post("/login/code/", {"code": "12345a"}) for _ in range(MOST_BY_NAME)]
    right = client.post("/login/code/", {"code": code(secret, 1)})
    assert not inside(client)
    plain = {re.sub(r'(value|nonce)="[^"]*"', "", one.content.decode()) for one in (wrong[0], right)}
    assert len(plain) == 1, "a lock looks like a wrong code"
    assert log_in("lin", password)[1].status_code == 200, "and the password is refused too"


def test_a_recovery_code_stands_in_once() -> None:
    password, _, codes = _with_factor()
    assert len(set(codes)) == 10
    for expected in (True, False):
        client, _ = log_in("lin", password)
        client.post("/login/code/", {"code": codes[3]})
        assert inside(client) is expected


def test_recovery_codes_are_shown_once_and_made_anew() -> None:
    password = made("lin")
    client, _ = log_in("lin", password)
    _, codes = set_up(client, password)
    again = client.get("/account/codes/").content.decode()
    assert not any(one in again for one in codes)
    assert client.post("/account/codes/new/")["Location"] == "/account/codes/"
    fresh = re.findall(r"<li>(\d{8})</li>", client.get("/account/codes/").content.decode())
    assert len(fresh) == 10
    assert not set(fresh) & set(codes)


def test_turned_off_a_password_is_enough() -> None:
    password = made("lin")
    client, _ = log_in("lin", password)
    set_up(client, password)
    assert client.post("/account/factor/remove/")["Location"] == "/account/factor/"
    assert inside(log_in("lin", password)[0])
    assert not Authenticator.objects.exists()


def test_what_is_kept_is_sealed() -> None:
    password = made("lin")
    client, _ = log_in("lin", password)
    location = client.get("/account/factor/set-up/")["Location"]
    client.post(location, {"password": password})
    (secret,) = re.findall(r'secret">([A-Z2-7]{32})<', client.get("/account/factor/set-up/").content.decode())
    assert secret not in str(Session.objects.get().get_decoded()), "nor while it is being set up"
    client.post("/account/factor/set-up/", {"code": code(secret)})
    kept = json.dumps([row.data for row in Authenticator.objects.all()])
    assert secret not in kept
    sealed = Authenticator.objects.get(type="totp").data["secret"]
    assert Factors().decrypt(sealed) == secret
    with pytest.raises(Invariant, match="reset-factor"):
        Factors().decrypt("AAAA" + sealed[4:])


def test_an_administrator_resets_a_lost_one_but_never_their_own() -> None:
    password, _, _ = _with_factor()
    User.objects.create_user("boss", "a password of some length", role="administrator")
    boss = actor_of(User.objects.get(username="boss"))
    factor_reset(boss, user="lin")
    assert inside(log_in("lin", password)[0])
    with pytest.raises(BadInput):
        factor_reset(boss, user="boss")
    assert AuditEntry.objects.get(action="factor.reset").object_id == "lin"


def test_where_it_is_required_nothing_else_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    password = made("lin", "administrator")
    client, _ = log_in("lin", password)
    monkeypatch.setattr(guard, "settings", lambda: replace(settings(), require_mfa=True))
    for address in ("/", "/account/", "/customers/", "/account/sessions/end-others/"):
        assert client.get(address)["Location"] == "/account/factor/set-up/"
    assert client.get("/customers/count/", headers={"HX-Request": "true"})["HX-Redirect"] == "/account/factor/set-up/"
    assert client.get("/api/v1/segments/count?expression=1").status_code == 403
    assert client.get("/logout/").status_code == 200
    set_up(client, password)
    assert client.get("/customers/").status_code == 200
    assert Client().get("/login/").status_code == 200


def test_a_reset_ends_the_sessions_and_a_page_without_codes_leads_back() -> None:
    password = made("lin")
    client, _ = log_in("lin", password)
    confirm = client.get("/account/factor/remove/")
    assert confirm["Location"] == "/account/"
    factor_reset(system_actor(), user="lin")
    assert not inside(client)
