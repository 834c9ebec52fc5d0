"""Instalment volume."""

import ibis

from zhike.core.text import Text
from zhike.data.asof import Facts
from zhike.data.balances import plans, plans_are_known
from zhike.data.kpis import Kpi, Period, kpis


def _rows(facts: Facts, period: Period) -> ibis.Table:
    plan = plans(facts)
    return plan.filter(period.holds(plan.booked_on)).select("account_id", part=plan.principal_cents)


kpis.register(
    Kpi(
        name="instalment_volume_30d",
        title=Text("近30天分期交易额", "Instalment volume, 30 days"),
        meaning=Text(
            "新增分期本金（账单、单笔、现金），不含已撤销的计划和贷款；来源没有分期时为空",
            "Newly booked principal of bill, purchase and cash plans, without cancelled ones and loans; empty where no "
            "plan is told",
        ),
        formula=Text("期内新办分期的本金", "Principal of plans booked in the period"),
        population=Text("信用账户的分期计划", "Instalment plans of credit accounts"),
        unit="cents",
        direction="up",
        owner="product",
        kind="flow",
        area="spend",
        rows=_rows,
        known=plans_are_known,
        period_days=30,
    )
)
