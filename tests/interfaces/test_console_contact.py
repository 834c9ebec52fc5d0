"""The panels of consent and contacts: shown, recorded from, and only to whom they may be."""

import re
from typing import Any

import pytest
from django.test import Client
from interfaces.logging_in import signed_in
from small_bank import customer_id

from zhike.operations.contact import queries
from zhike.operations.contact.actions import wording_publish
from zhike.operations.governance.actors import system_actor

pytestmark = pytest.mark.django_db
PAGE = f"/customers/{customer_id(0)}/contact/"
SAID = {"given": "0", "purpose": "marketing", "channel": "sms", "source": "call", "key": "from-a-form-1"}


def _english(role: str) -> Client:
    return signed_in(role, headers={"accept-language": "en"})


def state(channel: str) -> str:
    return queries.consent_state(system_actor(), customer_id(0)).of("marketing", channel).state


@pytest.fixture
def agent(published_bank: None) -> Client:
    wording_publish(system_actor(), purpose="marketing", version="2026-1", zh="同意", en="I agree")
    return _english("service_agent")


def test_the_customer_page_asks_for_both_panels(agent: Client) -> None:
    page = agent.get(f"/customers/{customer_id(0)}/").content.decode()
    assert f'hx-get="{PAGE}consents/"' in page
    assert f'hx-get="{PAGE}contacts/"' in page
    assert "已同意" in agent.get(f"{PAGE}consents/").content.decode()
    assert "本周营销 0/2" in agent.get(f"{PAGE}contacts/").content.decode()


def test_a_withdrawal_and_an_opt_out_that_stands(agent: Client) -> None:
    answer = agent.post(f"{PAGE}say/", SAID)
    assert (answer.status_code, "已登记" in answer.content.decode()) == (200, True)
    assert (state("sms"), state("phone")) == ("withdrawn", "given")
    again = {**SAID, "given": "1", "wording": "2026-1", "key": "from-a-form-2"}
    refused = agent.post(f"{PAGE}say/", again)
    assert refused.status_code == 409
    assert "客户已退订" in refused.content.decode()
    assert state("sms") == "withdrawn"
    assert agent.post(f"{PAGE}say/", {**again, "proof": "rec-77"}).status_code == 200
    assert state("sms") == "given"
    assert "rec-77" in agent.get(PAGE).content.decode()


def test_a_contact_is_recorded_once(agent: Client) -> None:
    made: dict[str, Any] = {"purpose": "service", "channel": "phone", "direction": "out", "state": "answered",
                            "reference": "case-1", "key": "from-a-form-3"}  # fmt: skip
    for _ in range(2):
        assert agent.post(f"{PAGE}make/", made).status_code == 200
    assert [each.reference for each in queries.contacts_of(system_actor(), customer_id(0)).contacts] == ["case-1"]
    assert agent.post(f"{PAGE}make/", {**made, "state": "lost", "key": "from-a-form-4"}).status_code == 400


def test_each_form_brings_a_key_of_its_own(agent: Client) -> None:
    keys = [re.findall(r'name="key" value="([0-9a-f-]{36})"', agent.get(PAGE).content.decode()) for _ in range(2)]
    assert [len(each) for each in keys] == [2, 2]
    assert len({key for each in keys for key in each}) == 4


def test_who_only_looks_gets_no_form(agent: Client) -> None:
    marketer = _english("marketer")
    page = marketer.get(PAGE).content.decode()
    assert "<form" not in page.split("<main", 1)[-1]
    assert marketer.post(f"{PAGE}say/", SAID).status_code == 403
    assert marketer.post(f"{PAGE}make/", {}).status_code == 403
    assert agent.get(PAGE.replace(customer_id(0), customer_id(999))).status_code == 404
