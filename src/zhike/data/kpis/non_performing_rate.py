"""Non-performing rate."""

import ibis

from zhike.core.text import Text
from zhike.data.asof import Facts
from zhike.data.balances import EDGES, lateness_is_known, receivables
from zhike.data.kpis import Kpi, Period, kpis


def _rows(facts: Facts, _period: Period) -> ibis.Table:
    owed = receivables(facts)
    late = (owed.days_past_due > EDGES.non_performing_days).fill_null(False)
    return owed.select("account_id", part=ibis.ifelse(late, owed.balance_cents, 0), whole=owed.balance_cents)


kpis.register(
    Kpi(
        name="non_performing_rate",
        title=Text("不良率", "Non-performing rate"),
        meaning=Text(
            "逾期超过90天的余额占应收；账单没有逾期天数的来源为空",
            "Balances late for more than 90 days, of receivables; empty where statements tell no days",
        ),
        formula=Text("逾期 > 90天的余额 ÷ 应收余额", "Balance more than 90 days past due ÷ receivables"),
        population=Text("未核销的信用账户", "Credit accounts that are not charged off"),
        unit="ratio",
        direction="down",
        owner="risk",
        kind="stock",
        area="risk",
        rows=_rows,
        quotient=True,
        known=lateness_is_known,
        assumptions=EDGES,
    )
)
