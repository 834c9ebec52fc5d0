"""A decision knows within the second what was said: consent, refusal of personalisation, complaint, contacts."""

import math
import time
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from owning import owner
from small_bank import CUSTOMERS, branch_of, customer_id

from tests.operations.saying import complains, contacted, is_answered, says
from zhike.core.actor import Scope
from zhike.core.errors import NotFound
from zhike.operations.customers import queries, reading
from zhike.operations.governance.actors import cardholder_actor, system_actor
from zhike.operations.governance.models import User
from zhike.operations.marketing import queries as marketing

pytestmark = pytest.mark.django_db
ALL = system_actor()


@pytest.fixture(scope="module", autouse=True)
def _published(published_bank: None) -> None:
    return


def published_rows() -> list[tuple[Any, ...]]:
    with owner() as cursor:
        cursor.execute(f"SELECT * FROM published.{reading.published().table('decision')} ORDER BY customer_id")
        return cursor.fetchall()


def sold_to() -> str:
    """A customer whose published decision sells something, the most valuable first."""
    return marketing.top_actions(ALL, 1)[0].customer_id


def told(customer: str) -> tuple[str, dict[str, set[str]], Any]:
    """Winner, codes of every refusal, and what is said of the live decision."""
    found = marketing.decision_get(ALL, customer)
    refused = {
        one["offer"]: {r["code"] for r in one["reasons"]} for one in found["candidates"] if one["outcome"] == "refused"
    }
    return found["next_best_action"]["offer"], refused, found["live"]


def test_as_published_where_nothing_was_said() -> None:
    for number in range(CUSTOMERS):
        assert marketing.decision_get(ALL, customer_id(number))["live"] is None


def test_a_withdrawal_is_obeyed_within_the_second_and_leaves_the_published_row_alone(client: Client) -> None:
    customer, before = sold_to(), published_rows()
    client.force_login(User.objects.create_user("reader", "a long password it is", role="administrator"))
    address = f"/api/v1/customers/{customer}/decision"
    assert client.get(address).json()["live"] is None
    seconds = math.inf
    for again in range(5):
        if again:
            says(customer, given=True)
        began = time.perf_counter()
        says(customer, given=False)
        answer = client.get(address).json()
        seconds = min(seconds, time.perf_counter() - began)  # the machine may have been busy elsewhere
        assert answer["next_best_action"]["offer"] == "do_nothing"
    codes = {reason["code"] for one in answer["candidates"] for reason in one["reasons"]}
    assert "consent_withdrawn" in codes
    changed = {each["column"]: (each["published"], each["now"]) for each in answer["live"]["changed"]}
    assert changed["consent_all"] == (1, 0)
    assert changed["marketing_consent"] == ("given", "withdrawn")
    assert seconds < 1, f"obeyed after {seconds:.2f} s"
    assert published_rows() == before
    assert queries.customer_get(ALL, customer)["next_best_action"]["offer"] == "do_nothing"


def test_given_again_it_is_sold_again() -> None:
    customer = sold_to()
    winner, refused, _ = told(customer)
    says(customer, given=False)
    assert told(customer)[0] == "do_nothing"
    says(customer, given=True)
    assert told(customer)[:2] == (winner, refused)


def test_who_refuses_personalisation_gets_what_everybody_gets() -> None:
    customer = sold_to()
    says(customer, given=False, purpose="personalisation")
    winner, refused, live = told(customer)
    assert winner == "general_news"
    assert live["changed"] == [
        {"column": "consent_personalisation", "title": "Consent, personalisation", "published": None, "now": 0}
    ]
    personal = refused.keys() - {"general_news"}
    assert personal == {"bill_instalment", "first_use_gift", "wake_up"}
    assert all("personalisation_refused" in refused[offer] for offer in personal)
    reasons = [
        r["text"] for one in marketing.decision_get(ALL, customer)["candidates"] for r in one["reasons"]
        if r["code"] == "personalisation_refused"
    ]  # fmt: skip
    assert reasons[0] == "The customer has refused personalisation (PERSONAL-1: PIPL article 24)"
    says(customer, given=False)
    assert told(customer)[0] == "do_nothing"


def test_an_open_complaint_mutes_selling_until_it_is_closed() -> None:
    customer = sold_to()
    winner = told(customer)[0]
    complaint = complains(customer)
    assert told(customer)[0] == "do_nothing"
    refused = told(customer)[1]
    assert winner in refused
    assert [offer for offer, codes in refused.items() if "complaint_open" not in codes] == []
    assert customer not in {top.customer_id for top in marketing.top_actions(ALL, CUSTOMERS)}
    is_answered(complaint)
    assert told(customer)[::2] == (winner, None)


def test_over_the_cap_nothing_is_sold_and_failed_contacts_do_not_count() -> None:
    customer = sold_to()
    winner = told(customer)[0]
    contacted(customer)
    contacted(customer, state="failed")
    contacted(customer, purpose="service")
    assert told(customer)[0] == winner
    contacted(customer)
    now, refused, _ = told(customer)
    assert now == "do_nothing"
    assert winner in refused
    assert [offer for offer, codes in refused.items() if "cap_7_days" not in codes] == []


def test_the_best_actions_are_those_that_stand() -> None:
    before = marketing.top_actions(ALL, 5)
    says(before[0].customer_id, given=False)
    complains(before[2].customer_id)
    everybody = marketing.top_actions(ALL, CUSTOMERS)
    after = marketing.top_actions(ALL, 5)
    assert after == everybody[:5]
    gone = {before[0].customer_id, before[2].customer_id}
    assert not gone & {top.customer_id for top in everybody}
    assert [top.customer_id for top in after[:3]] == [before[at].customer_id for at in (1, 3, 4)]
    assert marketing.top_actions(ALL, 5) == after
    orders = [(-top.value_cents, top.customer_id) for top in everybody]
    assert orders == sorted(orders)


def test_scopes_hold_for_live_decisions() -> None:
    mine = next(top.customer_id for top in marketing.top_actions(ALL, CUSTOMERS))
    number = next(n for n in range(CUSTOMERS) if customer_id(n) == mine)
    clerk = replace(ALL, name="clerk", scope=Scope(branches=frozenset({branch_of(number)})))
    stranger = replace(ALL, name="other", scope=Scope(branches=frozenset({10, 11, 20} - {branch_of(number)})))
    says(mine, given=False)
    assert marketing.decision_get(clerk, mine)["live"]
    with pytest.raises(NotFound):
        marketing.decision_get(stranger, mine)
    own = marketing.decision_get(cardholder_actor(mine), mine)
    assert own["next_best_action"]["offer"] == "do_nothing"
    with pytest.raises(NotFound):
        marketing.decision_get(cardholder_actor(customer_id((number + 1) % CUSTOMERS)), mine)
