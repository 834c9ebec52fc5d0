"""Open sessions: listed, ended one by one, ended by what changes a user's rights, over by themselves."""

import json
import re
import subprocess
import sys

import pytest
from django.test import Client
from interfaces.logging_in import code, inside, log_in, made, set_up
from owning import owner

from zhike.interfaces.accounts.lockout import OPEN
from zhike.operations.governance import sessions
from zhike.operations.governance.acting import transaction_of
from zhike.operations.governance.actors import system_actor
from zhike.operations.governance.models import AuditEntry

pytestmark = pytest.mark.usefixtures("committed")
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Safari/604.1"


@pytest.fixture
def two() -> tuple[Client, Client]:
    """One person on two devices."""
    password = made("lin")
    return (
        log_in("lin", password, REMOTE_ADDR="10.1.1.1", HTTP_USER_AGENT=CHROME)[0],
        log_in("lin", password, REMOTE_ADDR="10.1.1.2", HTTP_USER_AGENT=PHONE)[0],
    )


def _older(column: str, minutes: float) -> None:
    with owner() as cursor:
        cursor.execute(f"UPDATE governance_opensession SET {column} = {column} - %s * interval '1 minute'", [minutes])


def test_a_list_in_plain_words_and_no_key_on_the_page(two: tuple[Client, Client]) -> None:
    body = two[0].get("/account/").content.decode()
    rows = re.findall(r"<tr><td>([^<]*)</td><td class=\"code\">([^<]*)</td>", body)
    assert sorted(rows) == [("Chrome · Windows", "10.1.1.1"), ("Safari · iPhone", "10.1.1.2")]
    assert body.count("当前会话") == 1
    for client in two:
        assert client.cookies["zhike"].value not in body


def test_one_ends_another_and_all_others(two: tuple[Client, Client]) -> None:
    first, second = two
    assert first.post("/account/sessions/end/", {"session": second.session[OPEN]}).status_code == 302
    assert not inside(second)
    third, _ = log_in("lin", "wrong")
    assert not inside(third)
    first.post("/account/sessions/end-others/")
    assert inside(first)
    assert len(sessions.sessions_of(system_actor(), "lin")) == 1


def test_anothers_session_is_not_found(two: tuple[Client, Client]) -> None:
    password = made("wu", "administrator")
    other, _ = log_in("wu", password)
    for unknown in (two[0].session[OPEN], "01970000-0000-7000-8000-000000000000", "nonsense"):
        assert other.post("/account/sessions/end/", {"session": unknown}).status_code == 404
    assert inside(two[0])


@pytest.mark.parametrize(
    ("column", "minutes", "stays"),
    [("last_seen_at", 29, True), ("last_seen_at", 30.1, False), ("began_at", 719, True), ("began_at", 720.1, False)],
)
def test_idle_and_absolute_ends(two: tuple[Client, Client], column: str, minutes: float, stays: bool) -> None:
    _older(column, minutes)
    assert inside(two[0]) is stays


def test_use_keeps_a_session_and_is_noted_once_a_minute(two: tuple[Client, Client]) -> None:
    for _ in range(3):
        _older("last_seen_at", 20)
        assert inside(two[0])
    seen = [one.last_seen_at for one in sessions.sessions_of(system_actor(), "lin")]
    assert inside(two[0])
    assert [one.last_seen_at for one in sessions.sessions_of(system_actor(), "lin")] == seen


def test_logging_out_ends_it_and_its_cookie_opens_nothing(two: tuple[Client, Client]) -> None:
    kept = two[0].cookies["zhike"].value
    two[0].post("/logout/")
    thief = Client()
    thief.cookies["zhike"] = kept
    assert not inside(thief)
    assert len(sessions.sessions_of(system_actor(), "lin")) == 1
    assert inside(two[1])


def test_an_administrator_ends_them_all(two: tuple[Client, Client]) -> None:
    assert sessions.sessions_end_of(system_actor(), user="lin") == 2
    assert not any(inside(client) for client in two)
    with transaction_of(system_actor()):
        told = list(AuditEntry.objects.filter(object_id="lin").order_by("id").values_list("action", flat=True))
    assert told[-3:] == ["session.begin", "session.begin", "session.end_all"]


def test_behind_tls_cookies_are_bound_to_the_host(child_environment: dict[str, str]) -> None:
    told = "import json; from django.conf import settings as s; print(json.dumps([s.SESSION_COOKIE_NAME,"
    told += "s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_DOMAIN,"
    told += "s.SESSION_COOKIE_PATH, s.SECURE_HSTS_SECONDS > 0]))"
    environment = {**child_environment, "ZHIKE_ALLOWED_HOSTS": "crm.bank.example,127.0.0.1"}
    done = subprocess.run([sys.executable, "-c", told], env=environment, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == ["__Host-zhike", "__Host-zhike-csrf", True, True, None, "/", True]


@pytest.mark.parametrize(
    "place", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_no_step_of_logging_in_leads_to_another_site(place: str) -> None:
    password = made("lin")
    client = Client()
    assert client.post("/login/", {"login": "lin", "password": password, "next": place})["Location"] == "/"
    secret, _ = set_up(client, password)
    assert client.post("/account/confirm/", {"password": password, "next": place})["Location"] == "/"
    client = Client()
    assert client.post("/login/", {"login": "lin", "password": password, "next": place})["Location"] == "/login/code/"
    assert client.post("/login/code/", {"code": code(secret, 1)})["Location"] == "/"


def test_a_key_from_before_the_log_in_opens_nothing() -> None:
    """Session fixation: the key changes with the log-in."""
    password = made("lin")
    client = Client()
    client.get("/login/")
    client.post("/login/", {"login": "lin", "password": "wrong"})
    client.session["planted"] = True
    planted = client.session
    planted["planted"] = True
    planted.save()
    client.cookies["zhike"] = planted.session_key
    client.post("/login/", {"login": "lin", "password": password})
    assert inside(client)
    assert client.cookies["zhike"].value != planted.session_key
    thief = Client()
    thief.cookies["zhike"] = planted.session_key
    assert not inside(thief)
