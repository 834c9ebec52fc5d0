"""Whether a contact may be made: consent, mutes, caps and hours of one customer, read under the customer's lock.

The lock is what makes a cap hold against two planners at once: the second reads what the first has written. A number
has a lock of its own, taken after the customer's, since a family's phone stands in several timelines.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from zhike.core.actor import Actor
from zhike.core.clock import business_date, now
from zhike.core.settings import settings
from zhike.decide.policies.arrears import ARREARS
from zhike.operations.contact import asked, ledger, reading, reasons, rules
from zhike.operations.contact.counting import day_begins
from zhike.operations.contact.models import Contact
from zhike.operations.contact.rules import Past, Proposal
from zhike.operations.contact.shapes import Reason, Verdict
from zhike.operations.service.queries import complaints_open_now

_STATE = {"withdrawn": "consent_withdrawn", "expired": "consent_expired", "unknown": "consent_unknown"}
_PAST = ("purpose", "channel", "state", "at", "reference", "number_token", "informative")


def verdict(actor: Actor, customer: str, wanted: Proposal, leaving_out: int | None = None) -> Verdict:
    """Every rule that stands against the contact; ``leaving_out`` is the contact itself when it was planned before."""
    asked.alone(customer)
    if wanted.number_token:
        asked.alone(f"number {wanted.number_token}")
    found = [*_against_selling(actor, customer, wanted)] if wanted.purpose == "marketing" else []
    past = timeline(actor, customer, wanted.at, leaving_out)
    found += rules.refusals(wanted, past, _others_by_number(customer, wanted), settings().zone)
    return Verdict(not found, tuple(found))


def timeline(actor: Actor, customer: str, around: datetime, leaving_out: int | None = None) -> list[Past]:
    """The bank's own contacts with a customer within reach of any rule, failed ones left out."""
    zone = settings().zone
    day = business_date(around, zone)
    first = day_begins(day - timedelta(days=rules.REACH_DAYS), zone)
    end = day_begins(day + timedelta(days=rules.REACH_DAYS + 1), zone)
    rows = Contact.visible_to(actor).filter(customer_id=customer, direction="out", at__gte=first, at__lt=end)
    rows = rows.exclude(state="failed").exclude(id=leaving_out or 0).order_by("at", "id")
    return [Past(*row) for row in rows.values_list(*_PAST)]


def _others_by_number(customer: str, wanted: Proposal) -> list[tuple[str, datetime]]:
    """What others' timelines hold of the number on that day: states and times, never whose they are."""
    if wanted.purpose != "collections" or not wanted.number_token:
        return []
    zone = settings().zone
    day = business_date(wanted.at, zone)
    within = [day_begins(day, zone), day_begins(day + timedelta(days=1), zone)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT state, at FROM contact_attempts(%s, %s, %s, %s)", [wanted.number_token, customer, *within]
        )
        return [(state, at) for state, at in cursor.fetchall()]


def _against_selling(actor: Actor, customer: str, wanted: Proposal) -> list[Reason]:
    row = reading.file_rows(actor, [customer]).get(customer, {})
    said = reading.latest(actor, [customer]).get(customer, {})
    by_channel = {channel: each for (purpose, channel, _), each in said.items() if purpose == "marketing"}
    held = ledger.marketing(row, by_channel, max(wanted.at, now()), [wanted.channel])[wanted.channel]
    found = []
    if held.state in _STATE:
        found.append(reasons.reason(_STATE[held.state], channel=reasons.CHANNELS[wanted.channel]))
    return [*found, *_mutes(row, complaints_open_now(actor, [customer]).get(customer, 0))]


def _mutes(row: Mapping[str, Any], complaints: int) -> list[Reason]:
    """What mutes selling whatever was agreed to: an open complaint, taken here or elsewhere, and being late."""
    found = []
    if complaints + (row.get("complaints_open_delivered") or 0) > 0:
        found.append(reasons.reason("complaint_open"))
    late_days = row.get("days_past_due") or 0
    if late_days >= ARREARS.parameters.mute_from_days:
        found.append(reasons.reason("arrears", days=late_days))
    return found
