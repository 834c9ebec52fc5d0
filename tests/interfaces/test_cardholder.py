"""A cardholder who logs in: the API for rows of their own, the pages of their own log-in, and no other page."""

import pytest
from django.test import Client
from interfaces.logging_in import log_in
from small_bank import customer_id

from zhike.interfaces.console.registry import pages
from zhike.operations.governance.actions import cardholder_create
from zhike.operations.governance.actors import system_actor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_bank")]


@pytest.fixture
def holder() -> Client:
    password = cardholder_create(system_actor(), user="holder", customer_id=customer_id(0))
    client, answer = log_in("holder", password)
    assert answer["Location"] == "/account/"
    return client


def test_the_api_for_their_own_rows(holder: Client) -> None:
    assert holder.get(f"/api/v1/customers/{customer_id(0)}").json()["customer_id"] == customer_id(0)
    missing = holder.get(f"/api/v1/customers/{customer_id(999)}")
    other = holder.get(f"/api/v1/customers/{customer_id(1)}")
    assert (other.status_code, other.content) == (404, missing.content)
    assert holder.get("/api/v1/segments/count?expression=cards_held%20%3D%201").status_code == 403


def test_no_page_but_their_own_log_in(holder: Client) -> None:
    for page in pages:
        if page.permission != "manage_own_account":
            address = page.path.replace("<str:customer_id>", customer_id(0))
            if "<" not in address:
                assert holder.get(f"/{address}").status_code in (403, 405), page.name
    body = holder.get("/account/").content.decode()
    menu = body[body.index("<nav") : body.index("</nav>")]
    assert menu.count("<a ") == 1
    assert holder.get("/account/factor/set-up/").status_code == 302
