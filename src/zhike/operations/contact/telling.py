"""What the ledger and the record tell the facts: rows of the canonical tables ``consent`` and ``interaction``.

A row is told by the day on which it came to be known here, once that day is over: what is told never changes.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models.functions import Greatest

from zhike.core.actor import Actor
from zhike.core.clock import business_date
from zhike.core.settings import settings
from zhike.operations.contact.counting import day_begins
from zhike.operations.contact.models import Consent, Contact

# Of a consent to one partner the canonical table has no place for the partner: it stays in the ledger.
_TOLD = ("marketing", "personalisation")


def consents(actor: Actor, first: date, last: date) -> Iterator[dict[str, Any]]:
    """The last word of each day on which it was said, by customer, purpose and channel; in order."""
    rows = _between(Consent.visible_to(actor).filter(purpose__in=_TOLD), "recorded_at", first, last)
    latest: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows.order_by("effective_at", "id"):
        told = {
            "known_on": _day(row.recorded_at), "party_id": row.customer_id, "purpose": row.purpose,
            "channel": row.channel, "given": row.given, "wording_version": row.wording_version or None,
            "proof": row.proof or None, "valid_from": _day(row.effective_at),
            "valid_to": _day(row.expires_at) if row.expires_at else None,
        }  # fmt: skip
        latest[tuple(told[name] for name in ("known_on", "party_id", "purpose", "channel", "valid_from"))] = told
    for key in sorted(latest):
        # A consent that ends on the day on which it began is none, by whole days.
        if latest[key]["valid_to"] != latest[key]["valid_from"]:
            yield latest[key]


def contacts(actor: Actor, first: date, last: date) -> Iterator[dict[str, Any]]:
    """Contacts that were made, as they stood at the end of the day on which they came to be known; in order."""
    made = Contact.visible_to(actor).filter(sent_at__isnull=False)
    made = made.annotate(told_at=Greatest("made_at", "sent_at"))
    for row in _between(made, "told_at", first, last).order_by("told_at", "id"):
        known = _day(row.told_at)
        yield {
            "known_on": known, "interaction_id": str(row.pk), "party_id": row.customer_id, "channel": row.channel,
            "contact_direction": "inbound" if row.direction == "in" else "outbound", "topic": row.purpose,
            "outcome": _outcome(row, day_begins(known + timedelta(days=1), settings().zone)), "purpose": row.purpose,
            "reference": row.reference or None, "event_at": row.sent_at, "business_date": _day(row.sent_at),
        }  # fmt: skip


def _outcome(row: Contact, end: datetime) -> str:
    """How far it was before an instant."""
    if row.answered_at and row.answered_at < end:
        return "answered"
    if row.state == "failed" and row.ended_at and row.ended_at < end:
        return "failed"
    return "delivered" if row.delivered_at and row.delivered_at < end else "sent"


def _between(rows: Any, column: str, first: date, last: date) -> Any:
    zone = settings().zone
    return rows.filter(
        **{f"{column}__gte": day_begins(first, zone), f"{column}__lt": day_begins(last + timedelta(days=1), zone)}
    )


def _day(at: datetime) -> date:
    return business_date(at, settings().zone)
