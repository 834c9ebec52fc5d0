"""Instalment penetration."""

import ibis

from zhike.core.text import Text
from zhike.data.asof import Facts
from zhike.data.balances import instalments_left, plans_are_known, receivables
from zhike.data.kpis import Kpi, Period, kpis, stacked


def _rows(facts: Facts, _period: Period) -> ibis.Table:
    left, owed = instalments_left(facts), receivables(facts)
    return stacked(
        left.select("account_id", part=left.left_cents, whole=0),
        owed.select("account_id", part=0, whole=owed.balance_cents),
    )


kpis.register(
    Kpi(
        name="instalment_penetration",
        title=Text("分期渗透率", "Instalment penetration"),
        meaning=Text(
            "尚未计入账单的分期本金占应收：最近账单所载未出账本金加之后新办；账单不载的按每期收回一期推算；来源没有分期时为空",
            "Principal of running plans that no statement has called in, of receivables: as the newest statement tells "
            "it and what was booked since; where it does not, one part a statement. Empty where no plan is told",
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
