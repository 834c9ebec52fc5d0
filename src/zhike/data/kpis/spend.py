"""Spend of the period."""

import ibis

from zhike.core.text import Text
from zhike.data.asof import Facts
from zhike.data.kpis import Kpi, Period, kpis
from zhike.data.rows import net_spend, purchases_are_told, spends


def _rows(facts: Facts, period: Period) -> ibis.Table:
    moved = facts("transaction")
    rows = moved.filter(period.holds(moved.business_date), spends(moved))
    return rows.select("account_id", "channel", part=net_spend(rows))


kpis.register(
    Kpi(
        name="spend_30d",
        title=Text("近30天消费额", "Spend, 30 days"),
        meaning=Text("入账消费减退货，不含取现；来源没有消费时为空", "Empty where the sources know no purchases"),
        formula=Text("入账消费 − 退货，不含取现", "Posted purchases − refunds, without cash advances"),
        population=Text("全部账户", "All accounts"),
        unit="cents",
        direction="up",
        owner="product",
        kind="flow",
        area="spend",
        rows=_rows,
        known=lambda facts: purchases_are_told(facts("transaction")),
        period_days=30,
        tile=4,
    )
)
