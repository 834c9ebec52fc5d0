"""Contribution: what the customer earned the bank in twelve months, by named assumptions."""

import ibis
import ibis.expr.types as ir

from zhike.core.text import Text
from zhike.data.feature import Derived
from zhike.data.features import features

# Assumptions in basis points of the base, until costs are measured per account. Sources: interchange about 0.45 %
# of spend (the issuer's share under the 2016 pricing notice for credit cards), points about 0.20 % of spend
# (1 point for 1 yuan, 500 points for about 1 yuan), funding 2.0 % a year of what is owed, margin of deposits 0.8 %.
INTERCHANGE_BP = 45
POINTS_BP = 20
FUNDING_BP = 200
DEPOSIT_MARGIN_BP = 80


def _contribution(view: ibis.Table) -> ir.IntegerValue:
    """Cents; whole basis points, so that every engine rounds alike."""
    basis_points = (
        view.spend_365d_cents * (INTERCHANGE_BP - POINTS_BP)
        - view.owed_cents.fill_null(0) * FUNDING_BP
        + view.deposits_cents.fill_null(0) * DEPOSIT_MARGIN_BP
    )
    return view.interest_365d_cents + view.fees_365d_cents + (basis_points / 10_000).floor().cast("int64")


CONTRIBUTION = features.register(
    Derived(
        name="contribution_12m_cents",
        title=Text("近12个月贡献", "Contribution, 12 months"),
        meaning=Text(
            "利息与收费，加消费的0.45%回佣减0.20%积分成本，加存款0.8%利差，减欠款2%资金成本",
            "Interest and fees, plus 0.45 % interchange less 0.20 % points on spend, plus 0.8 % on deposits, "
            "less 2 % funding on what is owed",
        ),
        unit="cents",
        type="int64",
        needs=("spend_365d_cents", "owed_cents", "deposits_cents", "interest_365d_cents", "fees_365d_cents"),
        expression=lambda view, as_of: _contribution(view),
    )
)
