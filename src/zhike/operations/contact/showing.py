"""Consents and contacts of one customer, as pages, API and command line show them."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from zhike.core.actor import Actor
from zhike.core.clock import business_date, now
from zhike.core.settings import settings
from zhike.core.text import Text
from zhike.operations.contact import ledger, reading, rules, verdicts
from zhike.operations.contact.ledger import ALL, MEANS, Standing
from zhike.operations.contact.models import Consent, Contact, Wording
from zhike.operations.contact.shapes import (
    CapUse,
    ConsentEntry,
    ConsentLine,
    ConsentState,
    ContactEntry,
    ContactsOfCustomer,
    WordingVersion,
)

_LINES = (*MEANS, ALL)
_ENTRY = (
    "id", "purpose", "channel", "recipient", "given", "source", "wording_version", "proof", "said_by", "recorded_by",
    "effective_at", "expires_at", "recorded_at",
)  # fmt: skip
_CONTACT = (
    "id", "purpose", "channel", "direction", "state", "at", "planned_at", "sent_at", "delivered_at", "answered_at",
    "reference", "agency", "informative", "outcome", "breaches", "made_by",
)  # fmt: skip
_MOST_ENTRIES = 200


def consent_state(actor: Actor, customer: str) -> ConsentState:
    """`queries.consent_state`."""
    row = reading.file_rows(actor, [customer]).get(customer, {})
    said = reading.latest(actor, [customer]).get(customer, {})
    entries = Consent.visible_to(actor).filter(customer_id=customer).order_by("-effective_at", "-id")
    history = [ConsentEntry(**each) for each in entries.values(*_ENTRY)[:_MOST_ENTRIES]]
    by_id = {each.id: each for each in history}
    by_channel = {channel: each for (purpose, channel, _), each in said.items() if purpose == "marketing"}
    held = ledger.marketing(row, by_channel, now(), _LINES)
    lines = [_line("marketing", channel, "", held[channel], by_id) for channel in _LINES]
    lines.append(_line("personalisation", ALL, "", reading.personalisation(row, said, now()), by_id))
    for (purpose, _, recipient), each in sorted(said.items(), key=lambda one: one[0]):
        if purpose == "partner_sharing":
            lines.append(_line(purpose, ALL, recipient, ledger.standing(None, each, now()), by_id))
    return ConsentState(customer, tuple(lines), tuple(history))


def _line(purpose: str, channel: str, recipient: str, held: Standing, by_id: Mapping[int, ConsentEntry]) -> ConsentLine:
    said = held.by
    entry = by_id.get(said.number) if said is not None and not said.in_file else None
    return ConsentLine(
        purpose=purpose, channel=channel, recipient=recipient, state=held.state,
        origin="" if said is None else "file" if said.in_file else "ledger",
        since=said.day if said is not None and said.day > date.min else None,
        source=entry.source if entry else "", wording_version=entry.wording_version if entry else "",
        proof=entry.proof if entry else "", expires_at=said.expires_at if said is not None else None,
    )  # fmt: skip


def contacts_of(actor: Actor, customer: str, limit: int) -> ContactsOfCustomer:
    """`queries.contacts_of`."""
    rows = Contact.visible_to(actor).filter(customer_id=customer).order_by("-at", "-id")
    found = tuple(_entry(each) for each in rows.values(*_CONTACT)[:limit])
    zone = settings().zone
    today = business_date(now(), zone)
    timeline = verdicts.timeline(actor, customer, now())
    caps = tuple(
        CapUse("", days, rules.used(timeline, today, days, zone), by_all)
        for days, _, by_all in rules.LIMITS.caps()
    )  # fmt: skip
    by_channel = tuple(
        CapUse(channel, days, count, cap)
        for days, cap, _ in rules.LIMITS.caps()
        for channel in sorted({each.channel for each in timeline if each.purpose == "marketing"})
        if (count := rules.used(timeline, today, days, zone, channel))
    )
    return ContactsOfCustomer(customer, found, (*caps, *by_channel))


def _entry(row: dict[str, Any]) -> ContactEntry:
    return ContactEntry(**{**row, "breaches": tuple(filter(None, row["breaches"].split(",")))})


def wordings(actor: Actor) -> list[WordingVersion]:
    """`queries.wordings`."""
    texts: dict[tuple[str, str], dict[str, Wording]] = defaultdict(dict)
    for each in Wording.visible_to(actor).order_by("-published_at", "purpose", "version"):
        texts[each.purpose, each.version][each.locale] = each
    return [
        WordingVersion(purpose, version, Text(both["zh"].text, both["en"].text), both["zh"].published_by,
                       both["zh"].published_at)
        for (purpose, version), both in texts.items()
    ]  # fmt: skip
