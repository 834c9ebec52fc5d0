"""A NUL in any text of a request is refused with 400, told to a page and to a program each in its way."""

import pytest
from django.test import Client
from small_bank import customer_id

from zhike.operations.governance.models import AuditEntry, User

pytestmark = pytest.mark.django_db


def _inside() -> Client:
    client = Client()
    client.force_login(User.objects.create_user("lin", "correct horse", role="administrator"))
    return client


@pytest.mark.parametrize(
    "address",
    ["/customers/?after=%00", "/customers/?expression=%00", "/customers/?column=%00", "/customers/?%00=1", "/?x=%00"],
)
def test_in_an_address(published_bank: None, address: str) -> None:
    client = _inside()
    answer = client.get(address)
    assert answer.status_code == 400
    assert "空字符" in answer.content.decode()
    client.cookies["zhike-language"] = "en"
    assert "NUL character" in client.get(address).content.decode()


def test_in_a_form(published_bank: None) -> None:
    client, customer = _inside(), f"/customers/{customer_id(0)}/"
    asked = {"field": "phone", "purpose": "verify", "note": "a\x00b"}
    assert client.post(f"{customer}reveal/", asked).status_code == 400
    assert client.post("/search/", {"text": "\x00\x00"}).status_code == 400
    assert Client().post("/login/", {"login": "\x00", "password": "x"}).status_code == 400
    assert not AuditEntry.objects.filter(action="identity.reveal").exists()


def test_in_a_cookie() -> None:
    assert Client(headers={"cookie": r'zhike="\000\000\000\000\000\000\000\000\000"'}).get("/").status_code == 400


def test_to_a_program() -> None:
    answer = _inside().get("/api/v1/segments/count?expression=%00")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_input")
    assert "NUL" in answer.json()["error"]["message"]
