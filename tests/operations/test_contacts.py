"""Contacts: planned within the rules, never backwards, the same request once, one place of a cap for one planner."""

from datetime import datetime, timedelta
from threading import Barrier, Thread
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.db import connection, connections
from owning import owner
from small_bank import customer_id

from zhike.core.actor import Actor, Scope
from zhike.core.clock import now
from zhike.core.errors import BadInput, Conflict, NotFound
from zhike.operations.contact import queries
from zhike.operations.contact.actions import (
    consent_withdraw,
    contact_advance,
    contact_plan,
    contact_record,
)
from zhike.operations.governance.acting import transaction_of
from zhike.operations.governance.actors import system_actor
from zhike.operations.governance.models import AuditEntry
from zhike.operations.governance.roles import ROLES

ZONE = ZoneInfo("Asia/Shanghai")
COLLECTOR = Actor("staff", "he", ROLES["collector"].permissions, locale="en", scope=Scope(bank=True))
OF_TEN = Actor("staff", "qian", ROLES["teller"].permissions, locale="en", scope=Scope(branches=frozenset({10, 11})))
OF_TWENTY = Actor("staff", "sun", ROLES["teller"].permissions, locale="en", scope=Scope(branches=frozenset({20})))
NUMBER = "+86 138 1234 5678"
_keys = iter(range(10**6))


@pytest.fixture(autouse=True)
def _published(published_bank: None, django_db_blocker: Any) -> Any:
    """Real commits; each test takes customers of its own."""
    with django_db_blocker.unblock():
        yield


def noon() -> datetime:
    """Tomorrow's: one may sell by every channel then."""
    return (datetime.now(ZONE) + timedelta(days=1)).replace(hour=12, minute=0, second=0, microsecond=0)


def plan(customer: int, actor: Actor = COLLECTOR, **given: Any) -> Any:
    asked = {"purpose": "marketing", "channel": "sms", "at": noon(), "key": f"test-key-{next(_keys)}", **given}
    return contact_plan(actor, customer_id=customer_id(customer), **asked)


def record(customer: int, actor: Actor = COLLECTOR, **given: Any) -> Any:
    asked = {"purpose": "collections", "channel": "phone", "reference": "cycle-1", "key": f"test-key-{next(_keys)}"}
    return contact_record(actor, customer_id=customer_id(customer), **{**asked, **given})


def of(customer: int) -> list[Any]:
    return list(queries.contacts_of(system_actor(), customer_id(customer)).contacts)


def noted(action: str, customer: int) -> dict[str, Any]:
    """What the newest audit entry of an action about a customer says."""
    with transaction_of(system_actor()):
        entries = AuditEntry.objects.filter(action=action, object_id=customer_id(customer))
        return dict(entries.order_by("-id")[0].detail)


def test_a_plan_takes_its_place_and_the_next_is_told_why_not() -> None:
    first = plan(0)
    assert (first.state, first.verdict.allowed) == ("planned", True)
    refused = plan(0, at=noon() + timedelta(days=3))
    assert (refused.contact_id, refused.state) == (None, "refused")
    assert [(each.code, each.params["days"], each.params["cap"]) for each in refused.verdict.reasons] == [
        ("cap_channel", 7, 1)
    ]
    assert refused.verdict.reasons[0].in_("en") == (
        "1 marketing contacts by text message within 7 days already, made or planned; at most 1"
        " (CONTACT-1, The bank's own rule)"
    )
    assert [each.id for each in of(0)] == [first.contact_id]
    caps = {(cap.channel, cap.days): (cap.used, cap.cap) for cap in queries.contacts_of(COLLECTOR, customer_id(0)).caps}
    assert caps == {("", 1): (0, 1), ("", 7): (0, 2), ("", 30): (0, 4)}, "the plan is for tomorrow"
    assert noted("contact.plan", 0)["refused"] == "cap_channel"


def test_a_withdrawal_after_planning_stops_the_sending() -> None:
    made = plan(1, at=now() + timedelta(seconds=30), channel="app")
    if made.contact_id is None:  # run at night: the hours stand against it, which is tested elsewhere
        assert made.verdict.codes == "marketing_hours"
        return
    consent_withdraw(system_actor(), customer_id=customer_id(1), source="opt_out_link", key="opt-out-00001")
    asked = {"customer_id": customer_id(1), "contact_id": made.contact_id}
    refused = contact_advance(COLLECTOR, **asked, state="sent")
    assert (refused.state, refused.verdict.codes) == ("planned", "consent_withdrawn")
    assert contact_advance(COLLECTOR, **asked, state="failed", outcome="suppressed").state == "failed"
    assert plan(1, channel="email").verdict.codes == "consent_withdrawn"


def test_no_consent_no_marketing_but_service() -> None:
    assert plan(9).verdict.codes == "consent_withdrawn"
    assert plan(9, purpose="service").verdict.allowed


def test_an_open_complaint_stands_against_selling_at_once() -> None:
    from zhike.operations.service.actions import complaint_take

    assert plan(2, at=noon() + timedelta(days=9)).verdict.allowed
    complaint_take(system_actor(), customer_id=customer_id(2), channel="phone", cause="fees", text="年费收取有误")
    refused = plan(2, at=noon() + timedelta(days=18))
    assert (refused.contact_id, refused.verdict.codes) == (None, "complaint_open")
    assert plan(2, purpose="service").verdict.allowed


def test_states_go_forward_only() -> None:
    made = record(3, state="sent", number=NUMBER)
    asked = {"customer_id": customer_id(3), "contact_id": made.contact_id}
    assert contact_advance(COLLECTOR, **asked, state="answered", informative=True).state == "answered"
    assert contact_advance(COLLECTOR, **asked, state="delivered").state == "answered", "a receipt that came late"
    assert contact_advance(COLLECTOR, **asked, state="answered").state == "answered"
    with pytest.raises(Conflict, match="ended as answered"):
        contact_advance(COLLECTOR, **asked, state="failed")
    with pytest.raises(NotFound):
        contact_advance(COLLECTOR, customer_id=customer_id(4), contact_id=made.contact_id, state="failed")
    with pytest.raises(BadInput):
        contact_advance(COLLECTOR, **asked, state="planned")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE contact_contact SET state = 'sent' WHERE id = {id}",
        "UPDATE contact_contact SET state = 'planned' WHERE id = {id}",
        "UPDATE contact_contact SET state = 'failed', customer_id = 'x' WHERE id = {id}",
        "UPDATE contact_contact SET state = 'failed', ended_at = now(), sent_at = now() WHERE id = {id}",
        "UPDATE contact_contact SET agency = true WHERE id = {id}",
        "DELETE FROM contact_contact WHERE id = {id}",
        "TRUNCATE contact_contact",
        "UPDATE contact_consent SET given = true",
        "DELETE FROM contact_consent",
        "TRUNCATE contact_consent",
        "UPDATE contact_wording SET text = ''",
        "DELETE FROM contact_wording",
        "TRUNCATE contact_wording",
    ],
)
def test_not_even_the_owner_rewrites_what_was(change: str) -> None:
    from zhike.operations.contact.actions import consent_record, wording_publish

    if not queries.wordings(system_actor()):
        wording_publish(system_actor(), purpose="marketing", version="v1", zh="文本", en="text")
        consent_record(system_actor(), customer_id=customer_id(5), purpose="marketing", channel="sms", source="web",
                       wording_version="v1", key="for-the-owner")  # fmt: skip
        record(5, state="delivered", channel="sms")
    with owner() as cursor, pytest.raises(psycopg.Error, match=r"append-only|forward only|never rewritten"):
        cursor.execute(change.format(id=of(5)[0].id))


def test_the_same_request_again_and_another_under_its_key() -> None:
    first = plan(6, key="a-key-of-six")
    assert plan(6, key="a-key-of-six") == first
    for differing in ({"channel": "phone"}, {"at": noon() + timedelta(hours=1)}, {"actor": system_actor()}):
        with pytest.raises(Conflict, match="key"):
            plan(6, key="a-key-of-six", **differing)
    with pytest.raises(Conflict, match="key"):
        plan(7, key="a-key-of-six")
    told = record(6, key="another-key-6", state="unanswered")
    assert record(6, key="another-key-6", state="unanswered").contact_id == told.contact_id
    assert len(of(6)) == 2


def test_what_happened_is_recorded_with_the_rules_it_broke() -> None:
    for _ in range(3):
        assert record(8, state="answered", informative=True).contact_id
    fourth = record(8, state="answered", informative=True, agency=True)
    assert "collections_calls" in fourth.verdict.codes
    assert of(8)[0].agency
    assert "collections_calls" in of(8)[0].breaches
    incoming = record(8, state="answered", direction="in", purpose="service", reference="")
    assert incoming.verdict.allowed


def test_a_number_of_two_customers_is_tried_six_times() -> None:
    for customer in (10, 10, 10, 11, 11, 11):
        record(customer, state="unanswered", number=NUMBER)
    seventh = record(12, state="unanswered", number="13812345678")
    assert "collections_unanswered" in seventh.verdict.codes
    assert "collections_unanswered" not in record(12, state="unanswered", number="13812345679").verdict.codes
    with owner() as cursor:
        cursor.execute("SELECT t::text FROM contact_contact AS t WHERE number_token <> ''")
        assert not [row for (row,) in cursor.fetchall() if "138" + "12345678" in row]


def test_whose_contacts_are_seen() -> None:
    plan(13)
    plan(14)
    mine, anothers = customer_id(13), customer_id(14)  # of branches 11 and 20
    for customer in (anothers, customer_id(999)):
        with pytest.raises(NotFound):
            queries.contacts_of(OF_TEN, customer)
        with pytest.raises(NotFound):
            plan(int(customer[-3:]), actor=OF_TEN)
    assert queries.contacts_now(OF_TEN, [mine, anothers]).keys() == {mine}
    assert queries.contacts_now(OF_TWENTY, [mine, anothers]).keys() == {anothers}
    with transaction_of(OF_TEN), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM contact_contact WHERE customer_id = %s", [anothers])
        assert cursor.fetchone() == (0,)
    counts = queries.contacts_now(OF_TEN, [mine])[mine]
    assert (counts.marketing, counts.marketing_by_channel, counts.marketing_by_days[7]) == (1, {"sms": 1}, 1)
    assert (counts.sent_by_days[7], counts.last_marketing) == (0, None), "only planned"
    assert queries.contacts_for_run(system_actor()).keys() >= {mine, anothers}


def test_of_many_planners_one_gets_the_last_place() -> None:
    start, outcomes = Barrier(8), []

    def race(number: int) -> None:
        try:
            start.wait(120)
            at = noon() + timedelta(minutes=number)
            outcomes.append(plan(15, channel=("sms", "app")[number % 2], at=at).state)
        finally:
            connections.close_all()

    for _ in range(3):
        threads = [Thread(target=race, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
    assert sorted(outcomes) == ["planned"] + ["refused"] * 23
    assert len(of(15)) == 1


def test_of_many_racing_callers_of_one_number_none_is_the_seventh() -> None:
    start, outcomes, customers = Barrier(8), [], range(16, 24)

    def race(customer: int) -> None:
        try:
            start.wait(120)
            call = {"purpose": "collections", "channel": "phone", "reference": "cycle-1", "number": "13912340000"}
            outcomes.append(plan(customer, **call).state)
        finally:
            connections.close_all()

    threads = [Thread(target=race, args=(customer,)) for customer in customers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert sorted(outcomes) == ["planned"] * 6 + ["refused"] * 2


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"at": -timedelta(hours=1)}, "is to come"), ({"at": timedelta(days=500)}, "is to come"),
        ({"at": datetime(2027, 1, 1)}, "no time zone"), ({"purpose": "spam"}, "no purpose"),  # noqa: DTZ001
        ({"channel": "pigeon"}, "no channel"), ({"purpose": "collections"}, "names its cycle"),
        ({"reference": "13812345678"}, "reference"), ({"number": "1" * 40}, "too long"), ({"key": "x"}, "key"),
    ],
)  # fmt: skip
def test_what_cannot_be_planned(given: dict[str, Any], said: str) -> None:
    given = {name: now() + value if isinstance(value, timedelta) else value for name, value in given.items()}
    with pytest.raises(BadInput, match=said):
        plan(25, **given)
    assert of(25) == []


def test_no_number_of_a_person_is_in_the_audit_log() -> None:
    record(26, state="unanswered", number=NUMBER)
    detail = noted("contact.record", 26)
    assert detail.keys() == {"contact", "purpose", "channel", "state", "breaches"}
    assert "1234" not in str(detail).replace(str(detail["contact"]), "")
