"""Which days a key figure speaks of, as whole numbers of days."""

from datetime import date, timedelta

from zhike.sandbox import calendar


def months_before(day: int, months: int) -> int:
    """The same day so many months earlier, or the last of that month where it has no such day."""
    this = calendar.day_of(day)
    month = this.year * 12 + this.month - 1 - months
    first = date(month // 12, month % 12 + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return calendar.number(min(first + timedelta(days=this.day - 1), last))


def month_ends(first_day: int, last_day: int) -> list[int]:
    """The days of which key figures are told: the last of every month, and the bank's last."""
    every = range(first_day, last_day + 1)
    return [day for day in every if calendar.day_of(day + 1).day == 1 or day == last_day]
