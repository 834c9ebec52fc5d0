"""What holds of a customer's consent, from statements alone: pure, so that it can be held against a plain model.

A *statement* says given or withdrawn, for one channel or for ``all``. Of the bank's files a day is known, of the
ledger an instant. How the two are weighed is told in docs/algorithms/consent.md; in short:

- Within the ledger the later statement holds (by instant, then by number).
- Between ledger and file the later day holds; on the same day a withdrawal holds against a consent.
- Of a file's consent the day on which it was *given* counts, of a file's withdrawal the day on which it was *known*:
  a consent older than an opt-out does not lift it by arriving late.
- Withdrawn for ``all``: every channel is withdrawn, until one is given anew, later. A channel's own withdrawal is not
  lifted by a consent to ``all``.
- A consent that has expired is no consent.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from zhike.core.clock import business_date

State = Literal["given", "withdrawn", "expired", "unknown"]
ALL = "all"
MEANS = ("sms", "phone", "app", "email", "wallet")


@dataclass(frozen=True)
class Statement:
    """``day`` is bank-local. ``at`` and ``number`` are of the ledger; a file's statement has neither, ``at`` None."""

    given: bool
    day: date
    at: datetime | None = None
    number: int = 0
    expires_at: datetime | None = None

    @property
    def in_file(self) -> bool:
        return self.at is None


@dataclass(frozen=True)
class Standing:
    """What holds for a channel, and by which statement; None when nobody ever said anything."""

    state: State
    by: Statement | None = None


def later(one: Statement | None, other: Statement | None) -> Statement | None:
    """The statement that holds of two for the same channel."""
    if one is None or other is None:
        return one or other
    if one.at is not None and other.at is not None:
        return max(one, other, key=lambda each: (each.at, each.number))
    if one.day != other.day:
        return max(one, other, key=lambda each: each.day)
    if one.given != other.given:
        return min(one, other, key=lambda each: each.given)
    return one if other.in_file else other


def standing(own: Statement | None, whole: Statement | None, now: datetime) -> Standing:
    """What holds for a channel, of its own statement and of the one for every channel."""
    if own is not None and not own.given:
        return Standing("withdrawn", own)
    if whole is not None and not whole.given and (own is None or not _after(own, whole)):
        return Standing("withdrawn", whole)
    held = [each for each in (own, whole) if each is not None and each.given]
    valid = [each for each in held if each.expires_at is None or each.expires_at > now]
    if valid:
        return Standing("given", valid[0])
    return Standing("expired", held[0]) if held else Standing("unknown")


def _after(own: Statement, whole: Statement) -> bool:
    """Whether a consent came after a withdrawal from everything; of one and the same day it did not."""
    if own.at is not None and whole.at is not None:
        return (own.at, own.number) > (whole.at, whole.number)
    return own.day > whole.day


def of_file(row: Mapping[str, Any], column: str) -> Statement | None:
    """The statement of a column of the customer view, by its day in ``<column>_on``; None where the file has none."""
    value, day = row.get(column), row.get(f"{column}_on")
    if value is None:
        return None
    return Statement(bool(value), day if day is not None else date.min)


def of_ledger(given: bool, at: datetime, number: int, expires_at: datetime | None, zone: str) -> Statement:
    return Statement(given, business_date(at, zone), at, number, expires_at)


def marketing(
    file: Mapping[str, Any], ledger: Mapping[str, Statement], now: datetime, channels: Iterable[str] = (*MEANS, ALL)
) -> dict[str, Standing]:
    """What holds for marketing by each channel, of a row of the customer view and the ledger's latest by channel."""
    held = {each: later(of_file(file, f"consent_{each}"), ledger.get(each)) for each in {*channels, ALL}}
    return {each: standing(None if each == ALL else held[each], held[ALL], now) for each in channels}
