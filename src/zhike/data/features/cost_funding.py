"""What it costs the bank to fund the balances of twelve months."""

from dataclasses import dataclass

from zhike.core.text import Text
from zhike.data.assumption import assumption
from zhike.data.feature import Derived
from zhike.data.features import features


@dataclass(frozen=True)
class Assumptions:
    """Each monthly statement stands for a month of its balance."""

    funding_bp: int = assumption(
        200, "bp", Text("年资金成本率", "Cost of funds, a year"), owner="finance",
        origin="about the one-year interbank rate; the bank's transfer price takes its place",
    )  # fmt: skip


ASSUMED = Assumptions()

features.register(
    Derived(
        name="funding_cost_12m_cents",
        title=Text("近12个月资金成本", "Cost of funding, 12 months"),
        meaning=Text(
            f"近12个月各期账单欠款之和 × {ASSUMED.funding_bp / 100:g}% ÷ 12",
            f"{ASSUMED.funding_bp / 100:g} % a year of the balances billed in 12 months, each for a month",
        ),
        unit="cents",
        type="int64",
        needs=("billed_365d_cents",),
        expression=lambda view, as_of: view.billed_365d_cents * ASSUMED.funding_bp // 120_000,
        theme="worth",
        assumptions=ASSUMED,
    )
)
