"""Spend of the period."""

from datetime import timedelta

import ibis
import ibis.expr.types as ir

from zhike.core.text import Text
from zhike.data.asof import Facts
from zhike.data.kpis import Kpi, known_if, kpis
from zhike.data.rows import net_spend, purchases

DAYS = 30


def _value(facts: Facts, _view: ibis.Table) -> ir.Scalar:
    rows = facts("transaction")
    within = rows.business_date > facts.as_of - timedelta(days=DAYS)
    return known_if(rows.count(where=purchases(rows)) > 0, net_spend(rows).sum(where=within).fill_null(0).cast("int64"))


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
        expression=_value,
        period_days=DAYS,
    )
)
