"""Recording and withdrawing consents: what is refused, what is answered again, what nobody can change."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, connection
from small_bank import customer_id

from zhike.core.actor import Actor, Scope
from zhike.core.clock import now
from zhike.core.errors import BadInput, Conflict, Forbidden, NotFound
from zhike.operations.contact import queries
from zhike.operations.contact.actions import consent_record, consent_withdraw, wording_publish
from zhike.operations.governance.acting import transaction_of
from zhike.operations.governance.actors import cardholder_actor, system_actor
from zhike.operations.governance.models import AuditEntry
from zhike.operations.governance.roles import ROLES

pytestmark = pytest.mark.django_db
TELLER = Actor("staff", "qian", ROLES["teller"].permissions, locale="en", scope=Scope(branches=frozenset({10, 11})))
OTHER = Actor("staff", "sun", ROLES["teller"].permissions, locale="en", scope=Scope(branches=frozenset({20})))
AGREED, REFUSED, OTHERS = customer_id(0), customer_id(9), customer_id(2)  # by the file, since 2025-06-01
PROOF = {"proof": "rec-2026/118"}


@pytest.fixture(autouse=True)
def _wordings(published_bank: None) -> None:
    for purpose in ("marketing", "personalisation", "partner_sharing"):
        wording_publish(system_actor(), purpose=purpose, version="2026-1", zh="同意文本", en="I agree")


def agree(actor: Actor = TELLER, customer: str = AGREED, key: str = "key-00000001", **given: Any) -> Any:
    asked = {"purpose": "marketing", "channel": "sms", "source": "branch", "wording_version": "2026-1", **given}
    return consent_record(actor, customer_id=customer, key=key, **asked)


def withdraw(actor: Actor = TELLER, customer: str = AGREED, key: str = "key-00000009", **given: Any) -> Any:
    return consent_withdraw(actor, customer_id=customer, key=key, **{"source": "branch", **given})


def state(channel: str = "sms", purpose: str = "marketing", customer: str = AGREED, recipient: str = "") -> str:
    return queries.consent_state(system_actor(), customer).of(purpose, channel, recipient).state


def test_the_file_holds_until_the_ledger_says_otherwise() -> None:
    line = queries.consent_state(TELLER, AGREED).of("marketing", "sms")
    assert (line.state, line.origin, line.since) == ("given", "file", date(2025, 6, 1))
    assert state(customer=REFUSED) == "withdrawn"
    withdraw(channel="sms")
    line = queries.consent_state(TELLER, AGREED).of("marketing", "sms")
    assert (line.state, line.origin, line.source) == ("withdrawn", "ledger", "branch")
    assert state("phone") == "given"
    withdraw(key="key-00000010")
    assert {state(each) for each in ("sms", "phone", "app", "email", "wallet", "all")} == {"withdrawn"}


def test_an_opt_out_is_lifted_only_by_the_customers_word_with_proof() -> None:
    withdraw(channel="sms")
    for lacking in ({}, {"proof": "rec-1", "said_by": "representative"}):
        with pytest.raises(Conflict, match="opted out"):
            agree(**lacking)
    assert state() == "withdrawn"
    agree(**PROOF)
    line = queries.consent_state(TELLER, AGREED).of("marketing", "sms")
    assert (line.state, line.proof, line.wording_version) == ("given", "rec-2026/118", "2026-1")


def test_an_opt_out_in_the_file_stands_as_well() -> None:
    actor = system_actor()
    with pytest.raises(Conflict, match="opted out"):
        agree(actor, REFUSED)
    agree(actor, REFUSED, **PROOF)
    assert state(customer=REFUSED) == "given"
    assert state("phone", customer=REFUSED) == "withdrawn"


def test_a_consent_to_everything_lifts_no_channels_own_opt_out() -> None:
    withdraw(channel="sms")
    agree(channel="all", **PROOF)
    assert (state("sms"), state("phone")) == ("withdrawn", "given")


def test_what_expired_is_no_consent() -> None:
    later = now() + timedelta(days=1)
    agree(customer=customer_id(1), effective_at=now() - timedelta(days=2), expires_at=now() - timedelta(seconds=1))
    agree(customer=customer_id(1), channel="phone", key="key-00000002", expires_at=later)
    assert state("phone", customer=customer_id(1)) == "given"
    laid = queries.consents_now(TELLER, [customer_id(1)])[customer_id(1)]
    assert laid["consent_phone"] == 1
    assert laid["marketing_consent"] == "given"
    assert "consent_sms" not in laid, "the file's consent to everything stands beside one that expired"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"purpose": "selling"}, "no purpose"),
        ({"channel": "pigeon"}, "no channel"),
        ({"purpose": "personalisation", "channel": "sms"}, "no channel"),
        ({"purpose": "partner_sharing", "channel": "all"}, "names the recipient"),
        ({"recipient": "insurer"}, "names the recipient"),
        ({"source": "rumour"}, "no source"),
        ({"said_by": "neighbour"}, "no sayer"),
        ({"wording_version": "2025-9"}, "no such version"),
        ({"wording_version": ""}, "no such version"),
        ({"proof": "13812345678"}, "reference"),
        ({"proof": "call 7 at noon"}, "reference"),
        ({"key": "short"}, "idempotency key"),
        ({"effective_at": datetime(2026, 1, 1)}, "no time zone"),  # noqa: DTZ001
        ({"effective_at": timedelta(minutes=10)}, "in the future"),
        ({"expires_at": datetime(2020, 1, 1, tzinfo=UTC)}, "expires after"),
    ],
)
def test_what_cannot_be_recorded(given: dict[str, Any], said: str) -> None:
    given = {name: now() + value if isinstance(value, timedelta) else value for name, value in given.items()}
    with pytest.raises(BadInput, match=said):
        agree(**given)
    assert queries.consent_state(TELLER, AGREED).history == ()


def test_a_partner_is_named() -> None:
    agree(purpose="partner_sharing", channel="all", recipient="insurer-a")
    assert state("all", "partner_sharing", recipient="insurer-a") == "given"
    with pytest.raises(KeyError):
        state("all", "partner_sharing", recipient="insurer-b")


def test_personalisation_is_told_to_decisions() -> None:
    consent_withdraw(cardholder_actor(AGREED), customer_id=AGREED, purpose="personalisation", source="app",
                     key="key-00000003")  # fmt: skip
    laid = queries.consents_now(TELLER, [AGREED, OTHERS])
    assert laid[AGREED] == {"consent_personalisation": 0, "since": laid[AGREED]["since"]}
    assert laid.keys() == {AGREED}
    assert queries.consents_heard(system_actor()) == [AGREED]


def test_the_same_request_again_and_another_under_its_key() -> None:
    first = agree(**PROOF)
    again = agree(**PROOF)
    assert (again.consent_id, first.fresh, again.fresh) == (first.consent_id, True, False)
    for differing in ({"channel": "phone"}, {"proof": "rec-2"}, {"customer": customer_id(1)}):
        with pytest.raises(Conflict, match="key"):
            agree(**{**PROOF, **differing})
    with pytest.raises(Conflict, match="key"):
        agree(system_actor(), **PROOF)
    with pytest.raises(Conflict, match="key"):
        agree(OTHER, OTHERS)
    assert len(queries.consent_state(TELLER, AGREED).history) == 1


def test_a_wording_is_never_rewritten() -> None:
    with pytest.raises(Conflict, match="stands already"):
        wording_publish(system_actor(), purpose="marketing", version="2026-1", zh="新", en="new")
    with pytest.raises(Forbidden):
        wording_publish(TELLER, purpose="marketing", version="2026-2", zh="新", en="new")
    assert {each.version for each in queries.wordings(TELLER)} == {"2026-1"}


@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {}"])
@pytest.mark.parametrize(("table", "column"), [("contact_consent", "given"), ("contact_wording", "text")])
def test_the_app_may_change_nothing_that_was_said(statement: str, table: str, column: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), transaction_of(system_actor()):
        connection.cursor().execute(statement.format(table, column, column))


def test_whose_customers_are_seen() -> None:
    agree(OTHER, OTHERS, key="key-00000002", **PROOF)
    agree()
    for customer in (OTHERS, customer_id(999), "no id"):
        with pytest.raises(NotFound):
            queries.consent_state(TELLER, customer)
        with pytest.raises(NotFound):
            withdraw(customer=customer)
    for actor, seen in ((TELLER, {AGREED}), (OTHER, {OTHERS}), (cardholder_actor(OTHERS), {OTHERS})):
        with transaction_of(actor), connection.cursor() as cursor:
            cursor.execute("SELECT customer_id FROM contact_consent")
            assert {customer for (customer,) in cursor.fetchall()} == seen
        assert queries.consents_now(actor, [AGREED, OTHERS]).keys() == seen
    with pytest.raises(ProgrammingError, match="row-level security"), transaction_of(OTHER):
        connection.cursor().execute(
            "INSERT INTO contact_consent (customer_id, purpose, channel, recipient, given, source, wording_version,"
            " proof, said_by, recorded_by, effective_at, key, asked) VALUES (%s, 'marketing', 'sms', '', false, 'web',"
            " '', '', 'customer', 'x', now(), 'a-key-of-mine', '')",
            [AGREED],
        )


def test_the_audit_log_tells_what_and_no_text() -> None:
    agree(**PROOF)
    withdraw(channel="sms", proof="letter-77")
    queries.consent_state(TELLER, AGREED)
    entries = AuditEntry.objects.filter(object_id=AGREED).order_by("id")
    assert [each.action for each in entries] == ["consent.record", "consent.withdraw", "consent.view"]
    assert entries[0].detail.keys() == {"consent", "purpose", "channel", "given", "source"}
    assert "rec-2026" not in str([each.detail for each in entries])
