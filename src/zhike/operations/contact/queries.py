"""What is known of consents and contacts. Consents are weighed in `ledger`, the rules of contact in `rules`.

``consents_now`` and ``contacts_now`` are for many customers at once: what decisions and sending ask.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from zhike.core.actor import Actor
from zhike.core.clock import now
from zhike.core.text import Text
from zhike.operations.contact import asked, counting, reading, showing, telling, verdicts
from zhike.operations.contact.models.contact import CHANNELS, PURPOSES
from zhike.operations.contact.rules import Proposal
from zhike.operations.contact.shapes import (
    ConsentState,
    ContactCounts,
    ContactsOfCustomer,
    Verdict,
    WordingVersion,
)
from zhike.operations.governance.acting import query

Overlay = dict[str, Any]


@query(permission="view_decision")
def consents_now(actor: Actor, customer_ids: Sequence[str]) -> dict[str, Overlay]:
    """What the ledger changes of the published view, by customer: columns to lay over the row, and ``since``.

    ``{"consent_sms": 0, "consent_all": 0, "marketing_consent": "withdrawn", "since": date}``: 1 given, 0 withdrawn or
    expired. ``consent_personalisation`` is among them where the ledger speaks of it. File and ledger are weighed
    already: a column that the file tells better is not there. Empty for who said nothing; others' customers are
    left out.
    """
    rows = reading.file_rows(actor, customer_ids)
    return reading.overlays(actor, customer_ids, rows, now())


@query(permission="view_decision")
def consents_of_rows(actor: Actor, rows: Iterable[Mapping[str, Any]]) -> dict[str, Overlay]:
    """The same over rows of the view at hand: each has ``customer_id`` and the columns of consent."""
    by_customer = {str(row["customer_id"]): row for row in rows}
    return reading.overlays(actor, list(by_customer), by_customer, now())


@query(permission="make_decisions")
def consents_over(actor: Actor, rows: Iterable[Mapping[str, Any]]) -> dict[str, Overlay]:
    """The same over rows of a view not published: each has ``customer_id`` and the columns of consent."""
    by_customer = {str(row["customer_id"]): row for row in rows}
    return reading.overlays(actor, list(by_customer), by_customer, now())


@query(permission="load_data")
def consents_told(actor: Actor, first: date, last: date) -> list[dict[str, Any]]:
    """What was written into the ledger on the bank-local days, as rows of the canonical table ``consent``."""
    return list(telling.consents(actor, first, last))


@query(permission="load_data")
def contacts_told(actor: Actor, first: date, last: date) -> list[dict[str, Any]]:
    """Contacts that came to be known on the bank-local days, as rows of the canonical table ``interaction``."""
    return list(telling.contacts(actor, first, last))


@query(permission="make_decisions")
def consents_heard(actor: Actor) -> list[str]:
    """Every customer of whom the ledger holds a word: whose decision may differ from what the files alone say."""
    return reading.heard(actor)


@query(permission="view_decision")
def contacts_now(actor: Actor, customer_ids: Sequence[str], *, since_days: int = 30) -> dict[str, ContactCounts]:
    """Contacts of the last bank-local days by customer, today included; a customer without any is left out."""
    return counting.counts(actor, customer_ids, since_days)


@query(permission="make_decisions")
def contacts_for_run(actor: Actor, *, since_days: int = 30) -> dict[str, ContactCounts]:
    """The same for everybody who was contacted in these days."""
    return counting.counts(actor, None, since_days)


@query(permission="view_consent", audit="consent.view", about="customer")
def consent_state(actor: Actor, customer_id: str) -> ConsentState:
    """What a customer agreed to this moment, by purpose and channel, and all that the ledger holds; NotFound."""
    return showing.consent_state(actor, asked.customer(actor, customer_id))


@query(permission="view_contact", audit="contact.view", about="customer")
def contacts_of(actor: Actor, customer_id: str, *, limit: int = 20) -> ContactsOfCustomer:
    """The latest contacts of a customer, planned ones first, and how much of the marketing caps is used; NotFound."""
    return showing.contacts_of(actor, asked.customer(actor, customer_id), min(max(limit, 1), 200))


@query(permission="view_contact")
def contact_allowed(
    actor: Actor, *, customer_id: str, purpose: str, channel: str, at: datetime, number_token: str | None = None,
    reference: str = "", hours_agreed: bool = False, leaving_out: int | None = None,
) -> Verdict:  # fmt: skip
    """Whether the bank may turn to the customer then, and every rule against it. Called from an action, the answer
    holds until that action ends: nobody else decides about this customer, or this number, meanwhile."""
    wanted = Proposal(
        asked.one_of(purpose, PURPOSES, Text("用途", "purpose")),
        asked.one_of(channel, CHANNELS, Text("渠道", "channel")),
        asked.zoned(at, Text("触达时间", "time of the contact")),
        reference,
        number_token or "",
        hours_agreed,
    )
    return verdicts.verdict(actor, asked.customer(actor, customer_id), wanted, leaving_out)


@query(permission="view_consent")
def wordings(actor: Actor) -> list[WordingVersion]:
    """Every published version of a wording, newest first."""
    return showing.wordings(actor)
