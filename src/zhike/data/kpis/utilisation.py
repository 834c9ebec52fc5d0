"""Utilisation of credit lines."""

import ibis

from zhike.core.text import Text
from zhike.data.asof import Facts
from zhike.data.balances import owed_now
from zhike.data.kpis import Kpi, Period, kpis


def _rows(facts: Facts, _period: Period) -> ibis.Table:
    accounts, limits = facts("account"), facts("limit_event")
    open_credit = accounts.filter(accounts.kind == "credit", accounts.status.isin(["open", "frozen"]))
    # A temporary limit counts where it is the higher one, as in the customer view.
    lines = limits.group_by("account_id").aggregate(limit_cents=limits.limit_cents.max())
    rows = open_credit.select("account_id").join(lines, "account_id").join(owed_now(facts), "account_id")
    return rows.select("account_id", part=rows.balance_cents, whole=rows.limit_cents)


kpis.register(
    Kpi(
        name="utilisation",
        title=Text("额度使用率", "Utilisation"),
        meaning=Text(
            "未销户信用账户最近账单欠款占当日有效额度（含临时额度）；没有额度或账单的账户不计，都没有为空",
            "Newest billed balance over the effective limit of the day (temporary ones included); accounts without "
            "limit or statement do not count",
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
        tile=5,
    )
)
