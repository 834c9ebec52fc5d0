"""What a made bank is asked to be."""

from dataclasses import dataclass
from datetime import date

from zhike.core.errors import BadInput
from zhike.sandbox import calendar
from zhike.sandbox.crime_rates import USUAL, CrimeRates
from zhike.sandbox.curves import USUAL as USUAL_CURVES
from zhike.sandbox.curves import ResponseCurves
from zhike.sandbox.prices import ORDINARY, Prices

DEFAULT_END = date(2026, 10, 31)
# Identity numbers are distinct for so many people (`numbers.identity_numbers`).
MOST_CUSTOMERS, MOST_MONTHS, MOST_SEED = 1_600_000, 60, 2**63 - 1
# Blocks are as large as memory likes and small enough to keep every core of a small bank at work.
_SMALL_BANK, _SMALL_BLOCK, _LARGE_BLOCK = 50_000, 5_000, 50_000


@dataclass(frozen=True)
class Parameters:
    """A possible bank; raises BadInput with the allowed range otherwise."""

    customers: int
    months: int
    seed: int
    end: date = DEFAULT_END
    prices: Prices = ORDINARY
    crime: CrimeRates = USUAL
    curves: ResponseCurves = USUAL_CURVES
    later_prices: tuple[tuple[int, Prices], ...] = ()  # (day, prices that hold from then on), oldest first

    def __post_init__(self) -> None:
        _within("customers", self.customers, 10, MOST_CUSTOMERS)
        _within("months", self.months, 1, MOST_MONTHS)
        _within("seed", self.seed, 0, MOST_SEED)
        calendar.first_day(self.end, self.months)

    @property
    def blocks(self) -> list[range]:
        """The numbers of the people who live together; every block starts even, so that no couple is parted."""
        size = _SMALL_BLOCK if self.customers <= _SMALL_BANK else _LARGE_BLOCK
        return [range(start, min(start + size, self.customers)) for start in range(0, self.customers, size)]

    @property
    def first(self) -> date:
        return calendar.first_day(self.end, self.months)

    @property
    def first_day(self) -> int:
        return calendar.number(self.first)

    @property
    def last_day(self) -> int:
        return calendar.number(self.end)

    def prices_on(self, day: int) -> Prices:
        """The prices that hold on a day."""
        found = self.prices
        for start, prices in self.later_prices:
            if start <= day:
                found = prices
        return found

    @property
    def upgrade_day(self) -> int:
        """The day from which some systems write their columns in another order: the middle of the history."""
        return (self.first_day + self.last_day + 1) // 2


def _within(name: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise BadInput(f"{name} = {value} is not possible: give a whole number from {least:,} to {most:,}.")
