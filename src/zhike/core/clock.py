"""Time: instants in UTC, business dates in the bank's zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from zhike.core.errors import BadInput


def now() -> datetime:
    """The present instant, UTC."""
    return datetime.now(UTC)


def business_date(instant: datetime, zone: str) -> date:
    """The bank-local day of an instant; computed once, at ingest, and stored."""
    return instant.astimezone(ZoneInfo(zone)).date()


def parse_date(text: str, what: str = "date") -> date:
    """``YYYY-MM-DD`` -> date; raises BadInput that names the parameter."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"{what} {text!r} is not a date: write it as YYYY-MM-DD, for example 2026-06-30.") from None


def months_before(day: date, months: int) -> date:
    """The same day ``months`` earlier, or the last of that month where it has no such day."""
    first = date(day.year + (day.month - 1 - months) // 12, (day.month - 1 - months) % 12 + 1, 1)
    following = (first + timedelta(days=31)).replace(day=1)
    return min(first + timedelta(days=day.day - 1), following - timedelta(days=1))
