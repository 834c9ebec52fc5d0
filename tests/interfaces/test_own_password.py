"""A password that an administrator gave opens one page: that on which it is changed."""

import pytest
from django.test import Client
from interfaces.logging_in import inside, log_in, made, set_up
from owning import entries
from small_bank import customer_id

from zhike.operations.governance.actions import user_create, user_reset
from zhike.operations.governance.attempts import MOST_BY_NAME
from zhike.operations.governance.models import User
from zhike.operations.governance.queries import actor_of

pytestmark = pytest.mark.django_db
OWN = "a password of my own"


@pytest.fixture
def given() -> str:
    """The password of a user whom an administrator made."""
    made("boss", "administrator")
    return user_create(actor_of(User.objects.get(username="boss")), user="lin", role_name="analyst")


def change(client: Client, old: str, new: str = OWN, again: str | None = None) -> int:
    form = {"old": old, "new": new, "again": new if again is None else again}
    return client.post("/account/password/", form).status_code


@pytest.mark.parametrize("address", ["/", "/customers/", "/account/", "/account/factor/set-up/", "/account/codes/new/"])
def test_nothing_opens_before_it_is_changed(given: str, address: str) -> None:
    client, _ = log_in("lin", given)
    for answer in (client.get(address), client.post(address)):
        assert (answer.status_code, answer["Location"]) == (302, "/account/password/")
    piece = client.get(address, headers={"HX-Request": "true"})
    assert (piece.status_code, piece["HX-Redirect"]) == (204, "/account/password/")


def test_nor_does_the_api(given: str) -> None:
    client, _ = log_in("lin", given)
    answer = client.get(f"/api/v1/customers/{customer_id(0)}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "forbidden")


def test_then_everything_does_and_the_given_one_is_dead(given: str) -> None:
    client, _ = log_in("lin", given)
    other, _ = log_in("lin", given)
    assert "由管理员设置" in client.get("/account/password/").content.decode()
    assert change(client, given) == 302
    assert inside(client)
    assert other.get("/account/password/").status_code == 302, "other sessions end"
    assert not inside(log_in("lin", given)[0])
    assert inside(log_in("lin", OWN)[0])
    (entry,) = entries(action="password.change")
    assert (entry.actor_name, entry.detail) == ("lin", {"was_given": True})


def test_a_reset_gives_such_a_one_again_and_keeps_the_factor(given: str) -> None:
    client, _ = log_in("lin", given)
    change(client, given)
    set_up(client, OWN)
    fresh = user_reset(actor_of(User.objects.get(username="boss")), user="lin")
    assert not inside(client)
    client, answer = log_in("lin", fresh)
    assert answer["Location"] == "/login/code/"
    assert client.get("/account/password/")["Location"].startswith("/login/"), "the factor comes before"


@pytest.mark.parametrize(
    ("new", "again"), [("short", None), ("password1234", None), ("1" * 14, None), ("", None), (OWN, "something else")]
)
def test_a_weak_one_is_not_taken(given: str, new: str, again: str | None) -> None:
    client, _ = log_in("lin", given)
    assert change(client, given, new, again) == 400
    assert change(client, given, given) == 400
    assert inside(log_in("lin", given)[0]) is False
    assert User.objects.get(username="lin").password_once


def test_the_present_one_is_not_guessed_there(given: str) -> None:
    client, _ = log_in("lin", given)
    for _ in range(MOST_BY_NAME):
        assert change(client, "wrong") == 400
    assert change(client, given) == 400, "locked"
    assert len(entries(action="login.fail", object_id="lin")) >= MOST_BY_NAME
