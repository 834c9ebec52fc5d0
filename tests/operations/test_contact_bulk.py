"""What decisions ask of consents and contacts, of many customers at once: published rows, and rows of a run."""

from datetime import date
from typing import Any

import pytest
from small_bank import customer_id

from zhike.core.errors import Forbidden
from zhike.operations.contact import queries
from zhike.operations.contact.actions import consent_record, consent_withdraw, contact_record, wording_publish
from zhike.operations.governance.actors import job_actor, system_actor

pytestmark = pytest.mark.django_db
EVERYBODY = [customer_id(number) for number in range(30)]
ALL_OFF = {f"consent_{channel}": 0 for channel in ("sms", "phone", "app", "email", "wallet", "all")}


def withdraw(number: int, **given: Any) -> None:
    consent_withdraw(system_actor(), customer_id=customer_id(number), source="app", key=f"bulk-key-{number}", **given)


def test_nothing_said_and_nobody_contacted(published_bank: None) -> None:
    assert queries.consents_now(system_actor(), EVERYBODY) == {}
    assert queries.contacts_now(system_actor(), EVERYBODY) == {}
    assert queries.consents_heard(job_actor("nightly")) == []


def test_a_run_is_told_the_same_as_the_page(published_bank: None) -> None:
    withdraw(0)
    withdraw(1, channel="sms")
    laid = queries.consents_now(system_actor(), EVERYBODY)
    assert laid.keys() == {customer_id(0), customer_id(1)}
    said = {name: value for name, value in laid[customer_id(0)].items() if name in ALL_OFF}
    assert said == ALL_OFF
    assert laid[customer_id(0)]["marketing_consent"] == "withdrawn"
    assert (laid[customer_id(1)]["consent_sms"], laid[customer_id(1)]["marketing_consent"]) == (0, "given")
    rows = [{"customer_id": each, "consent_all": 1, "consent_all_on": None} for each in EVERYBODY]
    run = queries.consents_over(job_actor("nightly"), rows)
    assert run[customer_id(1)]["consent_sms"] == 0
    assert queries.consents_heard(job_actor("nightly")) == sorted(laid)
    with pytest.raises(Forbidden):
        queries.consents_now(job_actor("nightly"), EVERYBODY)


@pytest.mark.parametrize(("told_on", "laid"), [(date(2020, 1, 1), 1), (date(2099, 1, 1), None)])
def test_a_later_refusal_of_the_file_holds_against_the_ledger(published_bank: None, told_on: date, laid: Any) -> None:
    wording_publish(system_actor(), purpose="personalisation", version="v1", zh="同意", en="I agree")
    consent_record(system_actor(), customer_id=customer_id(3), purpose="personalisation", source="app", proof="rec-1",
                   wording_version="v1", key="bulk-key-p")  # fmt: skip
    row = {"customer_id": customer_id(3), "consent_personalisation": 0, "consent_personalisation_on": told_on}
    assert queries.consents_over(job_actor("nightly"), [row])[customer_id(3)].get("consent_personalisation") == laid


def test_counts_leave_out_what_failed_and_what_came_in(published_bank: None) -> None:
    for number, given in enumerate(({}, {"state": "failed"}, {"direction": "in"}, {"purpose": "service"})):
        made = {"purpose": "marketing", "channel": "app", "state": "delivered", **given}
        contact_record(system_actor(), customer_id=customer_id(2), key=f"bulk-key-c{number}", **made)
    counts = queries.contacts_for_run(job_actor("nightly"))[customer_id(2)]
    assert (counts.marketing, counts.service, counts.collections) == (1, 1, 0)
    assert counts.sent_by_days == counts.marketing_by_days == {1: 1, 7: 1, 30: 1}
    assert counts.last_marketing is not None
