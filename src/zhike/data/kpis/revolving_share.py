"""Revolving share."""

import ibis

from zhike.core.text import Text
from zhike.data.asof import Facts
from zhike.data.balances import receivables
from zhike.data.kpis import Kpi, Period, kpis


def _rows(facts: Facts, _period: Period) -> ibis.Table:
    owed = receivables(facts)
    return owed.select("account_id", part=owed.revolving_cents.fill_null(0), whole=owed.balance_cents)


kpis.register(
    Kpi(
        name="revolving_share",
        title=Text("生息余额占比", "Revolving share"),
        meaning=Text(
            "最近一期账单中计息部分占应收；账单没有计息部分的来源为空",
            "The interest-bearing part of the newest statements, of receivables; empty where statements tell none",
        ),
        formula=Text("计息余额 ÷ 应收余额", "Interest-bearing balance ÷ receivables"),
        population=Text("未核销的信用账户", "Credit accounts that are not charged off"),
        unit="ratio",
        direction="up",
        owner="finance",
        kind="stock",
        area="balances",
        rows=_rows,
        quotient=True,
        known=lambda facts: facts("statement").revolving_cents.count() > 0,
    )
)
