"""Days and times as options say them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from zhike.core.clock import parse_date
from zhike.core.errors import BadInput
from zhike.core.settings import settings


def day_of(option: str, text: str | None) -> date | None:
    """A day; None where the option was left out."""
    return parse_date(text, option) if text is not None else None


def time_of(option: str, text: str | None) -> datetime | None:
    """A day or a time, in the bank's zone where it names none."""
    found = _parsed(option, text, "no day or time: write 2026-06-30 or 2026-06-30T09:00")
    return found.replace(tzinfo=ZoneInfo(settings().zone)) if found is not None and found.tzinfo is None else found


def instant_of(option: str, text: str | None) -> datetime | None:
    """A time that names its zone: what is recorded must not depend on who reads it."""
    found = _parsed(option, text, "no instant: write 2026-06-30T09:00+08:00")
    if found is not None and found.tzinfo is None:
        raise BadInput(f"{option} {text!r} names no zone: write 2026-06-30T09:00+08:00.")
    return found


def _parsed(option: str, text: str | None, fault: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if text is not None else None
    except ValueError:
        raise BadInput(f"{option} {text!r} is {fault}.") from None
