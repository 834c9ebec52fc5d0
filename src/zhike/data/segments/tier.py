"""Value tier: how a customer is served, by what they earn the bank and what they hold with it."""

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from zhike.core.text import Text
from zhike.data.assumption import assumption
from zhike.data.segments import Classification, Label, segments


@dataclass(frozen=True)
class Thresholds:
    """Amounts are minor units of the workspace's reporting currency; the defaults are meant for CNY."""

    private_contribution_cents: int = assumption(
        500_000, "cents", Text("高端客户年贡献下限", "Private: contribution in 12 months from"), owner="product"
    )
    private_deposits_cents: int = assumption(
        100_000_000, "cents", Text("高端客户存款下限", "Private: deposits from"), owner="product"
    )
    value_contribution_cents: int = assumption(
        50_000, "cents", Text("价值客户年贡献下限", "Value: contribution in 12 months from"), owner="product"
    )
    value_deposits_cents: int = assumption(
        10_000_000, "cents", Text("价值客户存款下限", "Value: deposits from"), owner="product"
    )


def _earns_or_holds(view: ibis.Table, contribution_cents: int, deposits_cents: int) -> ir.BooleanValue:
    earns = (view.contribution_12m_cents >= contribution_cents).fill_null(False)
    return earns | (view.deposits_cents >= deposits_cents).fill_null(False)


TIER = segments.register(
    Classification(
        name="tier",
        title=Text("价值层级", "Value tier"),
        meaning=Text(
            "按近12个月贡献或存款余额，满足其一即可：高端 ≥ {private_contribution_cents} 或 {private_deposits_cents}；"
            "价值 ≥ {value_contribution_cents} 或 {value_deposits_cents}；其余为大众",
            "By contribution in 12 months or deposits, one is enough: private from {private_contribution_cents} or "
            "{private_deposits_cents}; value from {value_contribution_cents} or {value_deposits_cents}; "
            "the rest is mass",
        ),
        owner="product",
        thresholds=Thresholds(),
        needs=("contribution_12m_cents", "deposits_cents"),
        labels=(
            Label(
                "private",
                Text("高端", "Private"),
                lambda view, at: _earns_or_holds(view, at.private_contribution_cents, at.private_deposits_cents),
            ),
            Label(
                "value",
                Text("价值", "Value"),
                lambda view, at: _earns_or_holds(view, at.value_contribution_cents, at.value_deposits_cents),
            ),
            Label("mass", Text("大众", "Mass")),
        ),
    )
)
