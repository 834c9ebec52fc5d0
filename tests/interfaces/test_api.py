"""The API: what a query gives to the actor, one shape of error, rights by role, its description served from here."""

import json

import pytest
from django.test import Client
from small_bank import customer_id

from zhike.operations.customers import queries
from zhike.operations.customers.models import Publication
from zhike.operations.governance.actions import user_create
from zhike.operations.governance.actors import system_actor
from zhike.operations.governance.models import User

pytestmark = pytest.mark.django_db
CUSTOMER = f"/api/v1/customers/{customer_id(0)}"
COUNT = "/api/v1/segments/count"


def logged_in(role: str, locale: str = "zh") -> Client:
    user_create(system_actor(), user=role, role_name=role)
    User.objects.filter(username=role).update(locale=locale)
    client = Client()
    client.force_login(User.objects.get(username=role))
    return client


def test_a_customer_as_the_command_line_gives_it(published_bank: None) -> None:
    answer = logged_in("analyst").get(CUSTOMER)
    assert answer.status_code == 200
    expected = queries.customer_get(system_actor("zh"), customer_id(0))
    assert answer.json() == json.loads(json.dumps(expected))
    assert {"customer_id", "as_of", "features", "tier", "stage", "segments", "next_best_action", "candidates"} <= set(
        answer.json()
    )


def test_nobody_is_told_a_date_of_birth(published_bank: None) -> None:
    client = logged_in("administrator")
    features = client.get(CUSTOMER).json()["features"]
    assert "birth_date" not in features
    assert features["age_years"] == 45
    for expression in ("birth_date = 1980-07-01", "birth_date is null", "cards_held = 1 and birth_date > 1980-01-01"):
        refused = client.get(COUNT, {"expression": expression})
        assert (refused.status_code, refused.json()["error"]["code"]) == (400, "bad_input")
        assert "points at one person" in refused.json()["error"]["message"]
    page = queries.segment_page(system_actor(), "cards_held = 1", 1, columns=("birth_date", "age_years"))
    assert page.rows[0].keys() == {"customer_id", "age_years"}
    unknown = client.get(COUNT, {"expression": "nonsense = 1"}).json()["error"]["message"]
    assert "birth_date" not in unknown


def test_a_decision_and_a_count(published_bank: None) -> None:
    client = logged_in("marketer")
    decision = client.get(f"{CUSTOMER}/decision").json()
    assert [each["outcome"] for each in decision["candidates"]].count("won") == 1
    assert decision["next_best_action"]["reasons"][0].keys() == {"code", "params", "text"}
    count = client.get(COUNT, {"expression": "cards_held = 1"}).json()
    assert (count["expression"], count["count"], count["as_of"]) == ("cards_held = 1", 30, "2026-06-30")


@pytest.mark.parametrize(
    ("role", "path", "status", "code"),
    [
        ("analyst", "/api/v1/customers/01970000-0000-7000-8000-999999999999", 404, "not_found"),
        ("analyst", "/api/v1/customers/1' or '1'='1", 404, "not_found"),
        ("analyst", "/api/v1/customers/%00", 400, "bad_input"),
        ("analyst", f"{COUNT}?expression=%00", 400, "bad_input"),
        ("analyst", f"{COUNT}?expression=" + "(" * 3_000, 400, "bad_input"),
        ("analyst", "/api/v1/no/such/address", 404, "not_found"),
        ("executive", CUSTOMER, 403, "forbidden"),
        ("executive", f"{CUSTOMER}/decision", 403, "forbidden"),
        ("auditor", f"{COUNT}?expression=cards_held=1", 403, "forbidden"),
        ("analyst", f"{COUNT}?expression=no_such_column=1", 400, "bad_input"),
        ("analyst", f"{COUNT}?expression=(select 1)", 400, "bad_input"),
        ("analyst", COUNT, 400, "bad_input"),
    ],
)
def test_errors_have_one_shape(published_bank: None, role: str, path: str, status: int, code: str) -> None:
    answer = logged_in(role).get(path)
    assert answer.status_code == status
    body = answer.json()
    assert body.keys() == {"error"}
    assert body["error"]["code"] == code
    assert body["error"]["message"]
    assert "\n" not in body["error"]["message"]


@pytest.mark.parametrize("path", [CUSTOMER, f"{CUSTOMER}/decision", f"{COUNT}?expression=cards_held=1"])
def test_strangers_and_disabled_users_are_sent_away(published_bank: None, path: str) -> None:
    answer = Client().get(path)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "not_logged_in")
    client = logged_in("analyst")
    User.objects.update(is_active=False)
    assert client.get(path).status_code == 401


def test_nothing_published_yet(published_bank: None) -> None:
    Publication.objects.all().delete()
    answer = logged_in("analyst").get(CUSTOMER)
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "unavailable")


def test_its_description_comes_from_here(published_bank: None) -> None:
    described = Client().get("/api/openapi.json").json()
    assert set(described["paths"]) == {
        "/api/v1/customers/{customer_id}", "/api/v1/customers/{customer_id}/decision", "/api/v1/segments/count",
        "/api/v1/customers/{customer_id}/consents", "/api/v1/customers/{customer_id}/contacts",
        "/api/v1/customers/{customer_id}/complaints", "/api/v1/complaints", "/api/v1/complaints/{complaint_id}",
    }  # fmt: skip
    page = Client().get("/api/docs")
    assert page.status_code == 200
    assert "https://" not in page.content.decode()
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]


def test_health_and_figures(published_bank: None) -> None:
    health = Client().get("/healthz")
    assert health.status_code == 200
    assert health.json()["published"]["as_of"] == "2026-06-30"
    figures = Client().get("/metrics").content.decode()
    assert "zhike_published_customers 30.0" in figures
    assert customer_id(0) not in figures
    assert Client().post("/healthz").status_code == 405


def test_health_before_anything_is_published(published_bank: None) -> None:
    Publication.objects.all().delete()
    assert Client().get("/healthz").json() == {"status": "ok", "database": "answers", "published": None}
