"""What a made bank is asked to be."""

from dataclasses import dataclass
from datetime import date

from zhike.core.errors import BadInput
from zhike.sandbox import calendar

DEFAULT_END = date(2026, 10, 31)
MOST_CUSTOMERS, MOST_MONTHS, MOST_SEED = 2_000_000, 60, 2**63 - 1


@dataclass(frozen=True)
class Parameters:
    """A possible bank; raises BadInput with the allowed range otherwise."""

    customers: int
    months: int
    seed: int
    end: date = DEFAULT_END

    def __post_init__(self) -> None:
        _within("customers", self.customers, 10, MOST_CUSTOMERS)
        _within("months", self.months, 1, MOST_MONTHS)
        _within("seed", self.seed, 0, MOST_SEED)
        calendar.first_day(self.end, self.months)

    @property
    def first(self) -> date:
        return calendar.first_day(self.end, self.months)

    @property
    def first_day(self) -> int:
        return calendar.number(self.first)

    @property
    def last_day(self) -> int:
        return calendar.number(self.end)


def _within(name: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise BadInput(f"{name} = {value} is not possible: give a whole number from {least:,} to {most:,}.")
