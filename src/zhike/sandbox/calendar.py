"""Days, and what they do to spending. A day is a count of days since 1970-01-01."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from zhike.core.errors import BadInput

NEVER = np.int32(2**31 - 1)
FIRST_END, LAST_END = date(2018, 1, 31), date(2035, 12, 31)
PAY_DAYS = (5, 10, 15, 25)

_EPOCH = date(1970, 1, 1)
_SPRING_FESTIVAL = {
    2012: (1, 23), 2013: (2, 10), 2014: (1, 31), 2015: (2, 19), 2016: (2, 8), 2017: (1, 28), 2018: (2, 16),
    2019: (2, 5), 2020: (1, 25), 2021: (2, 12), 2022: (2, 1), 2023: (1, 22), 2024: (2, 10), 2025: (1, 29),
    2026: (2, 17), 2027: (2, 6), 2028: (1, 26), 2029: (2, 13), 2030: (2, 3), 2031: (1, 23), 2032: (2, 11),
    2033: (1, 31), 2034: (2, 19), 2035: (2, 8),
}  # fmt: skip


def number(day: date) -> int:
    return (day - _EPOCH).days


def day_of(number_of_day: int) -> date:
    return _EPOCH + timedelta(days=int(number_of_day))


def first_day(end: date, months: int) -> date:
    """The day from which ``months`` whole months lead to ``end``; raises BadInput when ``end`` is out of range."""
    if not FIRST_END <= end <= LAST_END:
        raise BadInput(f"The made bank's last day {end} is out of range: give one from {FIRST_END} to {LAST_END}.")
    after = end + timedelta(days=1)
    month = after.year * 12 + after.month - 1 - months
    if after.day > 28:
        raise BadInput(f"Last day {end} of the made bank leaves no whole months: end before the 28th or at month end.")
    return date(month // 12, month % 12 + 1, after.day)


def spring_festival(year: int) -> date | None:
    """New Year's day of the lunar calendar, where we know it."""
    return date(year, *_SPRING_FESTIVAL[year]) if year in _SPRING_FESTIVAL else None


@dataclass(frozen=True)
class Season:
    """How much more is bought on a day, by kind of spending; 1 is an ordinary Wednesday."""

    daily: float
    online: float
    travel: float
    feast: float


def season(day: date) -> Season:
    """Weekday, Spring Festival, 618, Double 11, National Day and Labour Day."""
    feast = spring_festival(day.year)
    to_feast = (feast - day).days if feast else 99
    daily, online, travel, feast = (1.0, 1.0, 1.0, 1.0) if day.weekday() < 5 else (1.12, 1.0, 1.25, 1.15)
    if 1 <= to_feast <= 14:
        daily, online, travel, feast = daily * 1.15, 1.1, 1.6, 1.6
    elif -7 <= to_feast <= 0:
        daily, online, travel, feast = daily * 0.75, 0.55, 2.0, 1.5
    monthday = (day.month, day.day)
    if monthday in ((11, 11), (6, 18)):
        online = 4.2 if day.month == 11 else 2.8
    elif (11, 1) <= monthday <= (11, 12):
        online = 1.12 if monthday < (11, 9) else 1.5
    elif (6, 10) <= monthday <= (6, 20):
        online = 1.6
    if (10, 1) <= monthday <= (10, 7) or (5, 1) <= monthday <= (5, 5):
        travel, feast = 2.6, 1.3
    elif day.month in (7, 8):
        travel *= 1.3
    return Season(daily, online, travel, feast)
