"""Contacts counted for many customers at once, by bank-local day; no counter is kept that could drift."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from zhike.core.actor import Actor
from zhike.core.clock import business_date, now
from zhike.core.settings import settings
from zhike.operations.contact.models import Contact
from zhike.operations.contact.shapes import ContactCounts

WINDOWS_DAYS = (1, 7, 30)
Row = tuple[str, str, str, datetime]  # purpose, channel, state, at


def day_begins(day: date, zone: str) -> datetime:
    """The instant at which a bank-local day begins."""
    return datetime.combine(day, time(), ZoneInfo(zone))


def counts(actor: Actor, customer_ids: Sequence[str] | None, since_days: int) -> dict[str, ContactCounts]:
    """`queries.contacts_now`; everybody for None."""
    zone = settings().zone
    today = business_date(now(), zone)
    first = today - timedelta(days=max(since_days, *WINDOWS_DAYS) - 1)
    rows = Contact.visible_to(actor).filter(direction="out", at__gte=day_begins(first, zone)).exclude(state="failed")
    if customer_ids is not None:
        rows = rows.filter(customer_id__in=[each.lower() for each in customer_ids])
    by_customer: dict[str, list[Row]] = defaultdict(list)
    for customer, *row in rows.order_by("at").values_list("customer_id", "purpose", "channel", "state", "at"):
        by_customer[customer].append((row[0], row[1], row[2], row[3]))
    return {customer: _counted(found, today, since_days, zone) for customer, found in by_customer.items()}


def _counted(rows: Iterable[Row], today: date, since_days: int, zone: str) -> ContactCounts:
    within: dict[str, int] = defaultdict(int)
    channels: dict[str, int] = defaultdict(int)
    planned, sent = dict.fromkeys(WINDOWS_DAYS, 0), dict.fromkeys(WINDOWS_DAYS, 0)
    last: date | None = None
    for purpose, channel, state, at in rows:
        day = business_date(at, zone)
        age_days = (today - day).days
        within[purpose] += age_days < since_days
        if purpose == "marketing":
            channels[channel] += age_days < since_days
            last = day if state != "planned" else last
            for days in WINDOWS_DAYS:
                planned[days] += age_days < days
                sent[days] += age_days < days and state != "planned"
    return ContactCounts(
        within["marketing"], within["service"], within["collections"],
        {channel: count for channel, count in channels.items() if count}, planned, sent, last,
    )  # fmt: skip
