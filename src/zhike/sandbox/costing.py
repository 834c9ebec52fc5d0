"""What the made bank earns and pays for its people, as a bank's own controllers would plan it."""

from dataclasses import dataclass, field, fields

import numpy as np
from numpy.typing import NDArray

_PLANNING = "planning figure"


def _figure(value: float, source: str = _PLANNING) -> float:
    found: float = field(default=value, metadata={"source": source})
    return found


@dataclass(frozen=True)
class Costing:
    """Rates are shares, a year where they say so, amounts fen. Each figure names its source; most are planning figures.

    Impairment is what expected losses grow by, plus what is charged off, less what is recovered. Expected loss of an
    account is its balance × the coverage of its days past due (edges of DOMAIN section 2).
    """

    interchange: float = _figure(
        0.0045, "ceiling of the issuer's fee on credit cards, notice 557 of NDRC and PBOC of 2016"
    )
    interchange_reduced: float = _figure(0.00351, "78 % of it for supermarkets, fuel, transport, utilities; ibid.")
    interchange_free: float = _figure(0.0, "hospitals and schools pay none; ibid.")
    interchange_abroad: float = _figure(0.010)
    exchange_margin: float = _figure(0.010)
    funding_a_year: float = _figure(0.022)
    undrawn_a_year: float = _figure(0.0004)  # capital held for lines that are not drawn
    coverage_current: float = _figure(0.004)
    coverage_m1: float = _figure(0.08)
    coverage_m2: float = _figure(0.30)
    coverage_m3: float = _figure(0.55)
    coverage_m4_on: float = _figure(0.80)
    point: float = _figure(3.0)
    points_redeemed: float = _figure(0.85)  # share of points that are ever redeemed
    fraud_borne: float = _figure(0.6)  # share of what is charged back that no shop and no partner bank bears
    account_a_month: float = _figure(45.0)
    statement: float = _figure(8.0)
    benefits_theme_a_month: float = _figure(150.0)
    benefits_premium_a_month: float = _figure(3_500.0)
    loan_referral: float = _figure(12_000.0)
    wealth_referral: float = _figure(8_000.0)

    def coverage(self, late_days: NDArray[np.integer]) -> NDArray[np.float64]:
        """Share of the balance expected to be lost, by days past due."""
        shares = (self.coverage_current, self.coverage_m1, self.coverage_m2, self.coverage_m3, self.coverage_m4_on)
        return np.array(shares)[np.searchsorted([1, 30, 60, 90], late_days, side="right")]

    def sources(self) -> dict[str, str]:
        """Where each figure comes from."""
        return {each.name: str(each.metadata["source"]) for each in fields(self)}


ORDINARY = Costing()
REDUCED_MCC = ("5411", "5541", "4111", "4900")
FREE_MCC = ("8062", "8299")
