"""Receivables: what the bank has lent on cards."""

import ibis

from zhike.core.text import Text
from zhike.data.asof import Facts
from zhike.data.balances import receivables
from zhike.data.kpis import Kpi, Period, kpis


def _rows(facts: Facts, _period: Period) -> ibis.Table:
    owed = receivables(facts)
    return owed.select("account_id", part=owed.balance_cents)


kpis.register(
    Kpi(
        name="receivables",
        title=Text("应收余额", "Receivables"),
        meaning=Text(
            "最近一期账单的欠款之和，溢缴款计为零；没有信用账单为空",
            "Owed by the newest statements, what is overpaid counts as nothing; empty without statements of credit",
        ),
        formula=Text("Σ 最近一期账单欠款", "Σ balance of the newest statement"),
        population=Text("未核销的信用账户", "Credit accounts that are not charged off"),
        unit="cents",
        direction="up",
        owner="finance",
        kind="stock",
        area="balances",
        rows=_rows,
    )
)
