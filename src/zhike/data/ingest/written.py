"""Dates and times as banks write them: digits at fixed places."""

import re
from collections.abc import Callable
from datetime import date, time, timedelta

_DIGITS = {"Y": 4, "y": 2, "m": 2, "d": 2, "H": 2, "M": 2, "S": 2}
# Nothing a bank holds is older or later; a flipped bit in a year is.
_FIRST_YEAR, _LAST_YEAR = 1850, 2150


def day_reader(form: str, century: int) -> Callable[[str], date | None]:
    """Reads one text by `form` (``%Y %y %m %d`` and literals); None where it is no date."""
    pattern = _pattern(form)

    def read(text: str) -> date | None:
        found = pattern.fullmatch(text)
        if found is None:
            return None
        parts = {name: int(digits) for name, digits in found.groupdict().items()}
        year = parts["Y"] if "Y" in parts else century + parts["y"]
        try:
            return date(year, parts["m"], parts["d"]) if _FIRST_YEAR <= year <= _LAST_YEAR else None
        except ValueError:
            return None

    return read


def time_reader(form: str) -> Callable[[str], timedelta | None]:
    """Reads one text by `form` (``%H %M %S`` and literals) as the time since midnight."""
    pattern = _pattern(form)

    def read(text: str) -> timedelta | None:
        found = pattern.fullmatch(text)
        if found is None:
            return None
        parts = {name: int(digits) for name, digits in found.groupdict().items()}
        try:
            clock = time(parts.get("H", 0), parts.get("M", 0), parts.get("S", 0))
        except ValueError:
            return None
        return timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second)

    return read


def halves(form: str) -> tuple[str, str]:
    """A form of an instant -> its date form and its time form."""
    cut = min(form.index(mark) for mark in ("%H", "%M", "%S") if mark in form)
    return form[:cut], form[cut:]


def width(form: str) -> int:
    """How many characters a text of this form has."""
    return len(form) + sum(_DIGITS[mark[1]] - 2 for mark in re.findall(r"%\w", form))


def _pattern(form: str) -> re.Pattern[str]:
    parts = re.split(r"(%\w)", form)
    return re.compile(
        "".join(
            f"(?P<{part[1]}>[0-9]{{{_DIGITS[part[1]]}}})" if part.startswith("%") else re.escape(part) for part in parts
        )
    )
