"""Consents and contacts by the API: typed, bounded, once under a key, and who may."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from interfaces.logging_in import signed_in
from small_bank import customer_id

from zhike.operations.contact.actions import wording_publish
from zhike.operations.governance.actors import system_actor
from zhike.operations.governance.models import User

pytestmark = pytest.mark.django_db
CUSTOMER = f"/api/v1/customers/{customer_id(0)}"
NOON = datetime.now(UTC).replace(hour=4, minute=0, second=0, microsecond=0) + timedelta(days=1)
SAID = {
    "given": True,
    "channel": "sms",
    "source": "app",
    "wording_version": "2026-1",
    "proof": "rec-1",
    "key": "k-00000001",
}
MADE = {"purpose": "marketing", "channel": "sms", "at": NOON.isoformat(), "key": "k-00000002"}


@pytest.fixture
def client(published_bank: None) -> Client:
    wording_publish(system_actor(), purpose="marketing", version="2026-1", zh="同意", en="I agree")
    return signed_in("service_agent")


def post(client: Client, path: str, body: Any, **headers: str) -> Any:
    text = body if isinstance(body, str) else json.dumps(body)
    return client.post(path, text, content_type="application/json", headers=headers)


def test_a_consent_is_recorded_once_and_told(client: Client) -> None:
    first = post(client, f"{CUSTOMER}/consents", SAID)
    again = post(client, f"{CUSTOMER}/consents", {**SAID, "key": None}, **{"Idempotency-Key": SAID["key"]})
    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()
    other = post(client, f"{CUSTOMER}/consents", {**SAID, "proof": "rec-2"})
    assert (other.status_code, other.json()["error"]["code"]) == (409, "conflict")
    gone = post(client, f"{CUSTOMER}/consents", {"given": False, "source": "app", "key": "k-00000003"})
    assert gone.status_code == 200
    told = client.get(f"{CUSTOMER}/consents").json()
    assert {line["state"] for line in told["lines"] if line["purpose"] == "marketing"} == {"withdrawn"}
    assert [each["given"] for each in told["history"]] == [False, True]
    assert told["history"][1]["recorded_by"] == "staff:service_agent"


def test_a_contact_is_planned_once_and_the_next_refused(client: Client) -> None:
    first = post(client, f"{CUSTOMER}/contacts", MADE)
    assert (first.status_code, first.json()["state"]) == (200, "planned")
    assert post(client, f"{CUSTOMER}/contacts", MADE).json() == first.json()
    refused = post(client, f"{CUSTOMER}/contacts", {**MADE, "key": "k-00000004"})
    assert refused.status_code == 409
    assert "CONTACT-1" in refused.json()["error"]["message"]
    call = {"purpose": "collections", "channel": "phone", "state": "answered", "informative": True, "reference": "c-1",
            "number": "13812345678", "agency": True, "key": "k-00000005"}  # fmt: skip
    assert post(client, f"{CUSTOMER}/contacts", call).json()["state"] == "answered"
    told = client.get(f"{CUSTOMER}/contacts").json()
    assert {each["state"] for each in told["contacts"]} == {"planned", "answered"}
    assert "13812345678" not in json.dumps(told)
    assert {(cap["channel"], cap["days"]) for cap in told["caps"]} >= {("", 1), ("", 7), ("", 30)}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("consents", "{"), ("consents", []), ("consents", {**SAID, "given": "perhaps"}), ("consents", {"given": True}),
        ("consents", {**SAID, "key": None}), ("consents", {**SAID, "more": 1}),
        ("consents", {**SAID, "proof": "x" * 65}),
        ("consents", {**SAID, "effective_at": "2026-06-30T09:00:00"}), ("consents", {**SAID, "effective_at": "9e99"}),
        ("consents", {"given": False, "source": "app", "expires_at": NOON.isoformat(), "key": "k-00000009"}),
        ("contacts", {**MADE, "at": None}), ("contacts", {**MADE, "purpose": "spam"}),
        ("contacts", {**MADE, "direction": "in"}),
        ("contacts", {**MADE, "state": "lost"}), ("contacts", {**MADE, "number": "9" * 40}),
        ("contacts", {**MADE, "channel": "\u0000"}),
    ],
)  # fmt: skip
def test_what_is_no_request(client: Client, path: str, body: Any) -> None:
    answer = post(client, f"{CUSTOMER}/{path}", body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_input")
    assert client.get(f"{CUSTOMER}/consents").json()["history"] == []
    assert client.get(f"{CUSTOMER}/contacts").json()["contacts"] == []


def test_two_keys_that_differ_are_refused(client: Client) -> None:
    answer = post(client, f"{CUSTOMER}/consents", SAID, **{"Idempotency-Key": "k-00000077"})
    assert answer.status_code == 400


def test_who_may(client: Client) -> None:
    marketer = signed_in("marketer")
    assert marketer.get(f"{CUSTOMER}/consents").status_code == 200
    assert post(marketer, f"{CUSTOMER}/consents", SAID).status_code == 403
    assert post(marketer, f"{CUSTOMER}/contacts", "not read at all").status_code == 403
    assert signed_in("auditor").get(f"{CUSTOMER}/contacts").status_code == 403
    nobody = f"/api/v1/customers/{customer_id(999)}"
    assert post(client, f"{nobody}/consents", SAID).status_code == 404
    assert client.get(f"{nobody}/contacts").status_code == 404
    guarded = Client(enforce_csrf_checks=True)
    guarded.force_login(User.objects.get(username="service_agent"))
    assert post(guarded, f"{CUSTOMER}/consents", SAID).status_code == 403
