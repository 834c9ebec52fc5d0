"""What the made bank asks for credit and cards. Another world may ask other prices."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Terms in months with the interest of a month as a share of the booked principal.
PerTerm = tuple[tuple[int, float], ...]
MONTH_DAYS = 30.4
LONGEST_TERM = 60  # months, for any plan
LONGEST_CASH_TERM, MOST_CASH_PRINCIPAL = 24, 5_000_000  # months and fen, for cash


@dataclass(frozen=True)
class Prices:
    """Prices of the bank; rates are shares, amounts fen. Instalment interest is taken on the booked principal."""

    interest_a_day: float = 0.0005
    annual_fees: float = 1.0  # times the fee of the product
    annual_fee_waived: float = 0.5  # share of holders who are let off when they ask
    late_fee_share: float = 0.05
    least_late_fee: int = 500
    cash_fee_share: float = 0.01
    least_cash_fee: int = 1_000
    bill_instalment: PerTerm = ((3, 0.0075), (6, 0.0066), (12, 0.0060), (24, 0.0060))
    purchase_instalment: PerTerm = ((3, 0.0075), (6, 0.0066), (12, 0.0060), (24, 0.0060))
    cash_instalment: PerTerm = ((6, 0.0078), (12, 0.0075), (24, 0.0072))

    @property
    def instalments(self) -> tuple[PerTerm, PerTerm, PerTerm]:
        """By kind of plan: bill, purchase, cash."""
        return self.bill_instalment, self.purchase_instalment, self.cash_instalment

    def monthly_rate(self, kind: NDArray[np.integer], term: NDArray[np.integer]) -> Floats:
        """Interest of a month on the booked principal; a term that is not sold costs what the next longer one does."""
        found = np.zeros(len(kind))
        for which, table in enumerate(self.instalments):
            months = np.array([each for each, _ in table])
            rate = np.array([each for _, each in table])
            place = np.minimum(np.searchsorted(months, term), len(table) - 1)
            found = np.where(kind == which, rate[place], found)
        return found


@cache
def annual_rate(monthly_rate: float, term: int) -> float:
    """Simple annual rate, 12 x IRR, of interest ``monthly_rate`` a month on the booked principal over ``term`` months.

    0.60 % over 12 months is 13.03 % a year (DOMAIN section 2).
    """
    low, high = 0.0, 1.0
    for _ in range(60):
        rate = (low + high) / 2
        worth = (1 / term + monthly_rate) * (1 - (1 + rate) ** -term) / rate
        low, high = (rate, high) if worth > 1 else (low, rate)
    return 12 * low


ORDINARY = Prices()


def appeal(asked: float, usual: float, sensitivity: Floats) -> Floats:
    """How much more or less people want at a price than at the usual one, by their sensitivity from 0 to 1."""
    return np.exp(-2.5 * sensitivity * (asked / usual - 1.0))
