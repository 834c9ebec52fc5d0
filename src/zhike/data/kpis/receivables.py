"""Receivables: what the bank has lent on cards."""

import ibis

from zhike.core.text import Text
from zhike.data.asof import Facts
from zhike.data.balances import receivables
from zhike.data.kpis import Kpi, Period, kpis
from zhike.data.owing import balances_are_told


def _rows(facts: Facts, _period: Period) -> ibis.Table:
    owed = receivables(facts)
    return owed.select("account_id", part=owed.balance_cents)


kpis.register(
    Kpi(
        name="receivables",
        title=Text("应收余额", "Receivables"),
        meaning=Text(
            "当日欠款之和：最近一期账单加之后的发生额，溢缴款计为零；没有信用账单的来源为空",
            "What is owed on the day: newest statements and what moved since, what is overpaid counts as nothing; "
            "empty without statements of credit",
        ),
        formula=Text("Σ 当日欠款", "Σ balance on the day"),
        population=Text("未核销的信用账户", "Credit accounts that are not charged off"),
        unit="cents",
        direction="up",
        owner="finance",
        kind="stock",
        area="balances",
        rows=_rows,
        known=balances_are_told,
    )
)
