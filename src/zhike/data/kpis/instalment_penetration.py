"""Instalment penetration."""

import ibis

from zhike.core.text import Text
from zhike.data.asof import Facts
from zhike.data.balances import plans, plans_are_known, receivables
from zhike.data.kpis import Kpi, Period, kpis, stacked


def _rows(facts: Facts, _period: Period) -> ibis.Table:
    plan, owed = plans(facts), receivables(facts)
    return stacked(
        plan.filter(plan.remaining_cents > 0).select("account_id", part=plan.remaining_cents, whole=0),
        owed.select("account_id", part=0, whole=owed.balance_cents),
    )


kpis.register(
    Kpi(
        name="instalment_penetration",
        title=Text("分期渗透率", "Instalment penetration"),
        meaning=Text(
            "尚未计入账单的分期本金占应收；每期账单收回一期本金；来源没有分期时为空",
            "Principal of plans that no statement has called in, of receivables; each statement calls in one part. "
            "Empty where no plan is told",
        ),
        formula=Text("分期余额 ÷ 应收余额", "Instalment balance ÷ receivables"),
        population=Text("未核销的信用账户", "Credit accounts that are not charged off"),
        unit="ratio",
        direction="up",
        owner="product",
        kind="stock",
        area="balances",
        rows=_rows,
        quotient=True,
        known=plans_are_known,
    )
)
