"""Utilisation of credit lines."""

import ibis

from zhike.core.text import Text
from zhike.data.asof import Facts
from zhike.data.kpis import Kpi, Period, kpis
from zhike.data.owing import balances_are_told, owing


def _rows(facts: Facts, _period: Period) -> ibis.Table:
    owed, limits = owing(facts), facts("limit_event")
    # A temporary limit counts where it is the higher one, as in the customer view.
    lines = limits.group_by("account_id").aggregate(limit_cents=limits.limit_cents.max())
    rows = owed.filter(owed.status.isin(["open", "frozen"])).join(lines, "account_id")
    return rows.select("account_id", part=ibis.greatest(rows.balance_cents, 0), whole=rows.limit_cents)


kpis.register(
    Kpi(
        name="utilisation",
        title=Text("额度使用率", "Utilisation"),
        meaning=Text(
            "未销户信用账户当日欠款（最近账单加之后的发生额，溢缴款计为零）占当日有效额度（含临时额度）；从未出账的账户也计入，没有额度的不计；没有信用账单的来源为空",
            "What is owed on the day (newest statement and what moved since; overpaid counts as nothing) over the "
            "effective limit of the day (temporary ones included), accounts that were never billed too; those without "
            "a limit do not count; empty without statements of credit",
        ),
        formula=Text("Σ 欠款 ÷ Σ 额度", "Σ balance ÷ Σ limit"),
        population=Text("未销户信用账户", "Open credit accounts"),
        unit="ratio",
        direction="up",
        owner="risk",
        kind="stock",
        area="balances",
        rows=_rows,
        quotient=True,
        known=balances_are_told,
        tile=5,
    )
)
