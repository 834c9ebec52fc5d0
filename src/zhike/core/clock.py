"""Time: instants in UTC, business dates in the bank's zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from zhike.core.errors import BadInput
from zhike.core.text import Text


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


def require_reached(day: date, zone: str, what: str = "the as-of day") -> date:
    """The day; raises BadInput when it is after today where the bank is: nobody knows yet what it will bring."""
    today = business_date(now(), zone)
    if day > today:
        raise BadInput(
            Text(
                f"{day} 在今天（{zone} 为 {today}）之后：请给出不晚于今天的日期。",
                f"{what} {day} is after today ({today} in {zone}): give today or an earlier day.",
            )
        )
    return day


def months_before(day: date, months: int) -> date:
    """The same day ``months`` earlier, or the last of that month where it has no such day."""
    first = date(day.year + (day.month - 1 - months) // 12, (day.month - 1 - months) % 12 + 1, 1)
    following = (first + timedelta(days=31)).replace(day=1)
    return min(first + timedelta(days=day.day - 1), following - timedelta(days=1))
