"""A NUL in any text of a request is refused with 400, told to a page and to a program each in its way."""

import pytest
from django.test import Client
from interfaces.logging_in import signed_in
from owning import entries
from small_bank import customer_id

pytestmark = pytest.mark.django_db


def _inside() -> Client:
    return signed_in("lin", "administrator")


@pytest.mark.parametrize(
    "address",
    [
        "/customers/%00/",
        "/person/%00/",
        "/complaints/%00/",
        "/customers/?after=%00",
        "/customers/?expression=%00",
        "/customers/?column=%00",
        "/customers/?%00=1",
        "/?x=%00",
    ],
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
    assert entries(action="identity.reveal") == []


def test_in_a_cookie() -> None:
    assert Client(headers={"cookie": r'zhike="\000\000\000\000\000\000\000\000\000"'}).get("/").status_code == 400


def test_to_a_program() -> None:
    client = _inside()
    answer = client.get("/api/v1/segments/count?expression=%00")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_input")
    assert "NUL" in answer.json()["error"]["message"]
    assert client.get("/api/v1/complaints/%00").status_code == 400


def test_in_the_name_of_whom_a_complaint_is_about(published_bank: None) -> None:
    body = {"channel": "phone", "cause": "conduct", "text": "abc", "about": "a\x00b"}
    address = f"/api/v1/customers/{customer_id(0)}/complaints"
    answer = _inside().post(address, body, content_type="application/json")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_input")


def test_the_last_day_of_the_calendar_is_a_day() -> None:
    assert _inside().get("/audit/?since=0001-01-01&until=9999-12-31").status_code == 200
