"""What happened, day by day, in the reader's words."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from zhike.core.text import Locale
from zhike.interfaces.console import formatting, timeline_words
from zhike.interfaces.console.codes import CHANNELS, ICONS
from zhike.operations.customers.shapes import TimelineEntry


@dataclass(frozen=True)
class Shown:
    """One entry: ``amount`` carries + for money that came to the customer, − for money that left."""

    icon: str
    title: str
    detail: str
    amount: formatting.Figure | None


def days(entries: list[TimelineEntry], locale: Locale) -> list[tuple[date, list[Shown]]]:
    """Entries (newest first) under their business dates."""
    return [
        (day, [_shown(entry, locale) for entry in of_day]) for day, of_day in groupby(entries, lambda entry: entry.on)
    ]


def _shown(entry: TimelineEntry, locale: Locale) -> Shown:
    kind = timeline_words.title(entry.table, entry.kind)
    channel, detail = CHANNELS.get(entry.channel or ""), timeline_words.detail(entry.table, entry.detail)
    beside = [channel.in_(locale) if channel else entry.channel, detail.in_(locale) if detail else entry.detail]
    return Shown(
        icon=ICONS.get(entry.kind) or ICONS.get(entry.table, "circle-alert"),
        title=kind.in_(locale) if kind else entry.kind,
        detail=" · ".join(filter(None, beside)),
        amount=_amount(entry),
    )


def _amount(entry: TimelineEntry) -> formatting.Figure | None:
    if entry.amount_cents is None:
        return None
    return formatting.signed(entry.amount_cents, entry.currency, entry.direction)
