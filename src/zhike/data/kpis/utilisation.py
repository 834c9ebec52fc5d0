"""Utilisation of credit lines."""

import ibis
import ibis.expr.types as ir

from zhike.core.text import Text
from zhike.data.asof import Facts
from zhike.data.cards import newest_balances
from zhike.data.kpis import Kpi, kpis, ratio


def _value(facts: Facts, _view: ibis.Table) -> ir.Scalar:
    accounts, limits, balances = facts("account"), facts("limit_event"), newest_balances(facts)
    open_credit = accounts.filter(accounts.kind == "credit", accounts.status.isin(["open", "frozen"])).select(
        "account_id"
    )
    # A temporary limit counts where it is the higher one, as in the customer view.
    lines = limits.group_by("account_id").aggregate(limit_cents=limits.limit_cents.max())
    rows = open_credit.join(lines, "account_id").join(balances, "account_id")
    return ratio(rows.balance_cents.sum(), rows.limit_cents.sum())


kpis.register(
    Kpi(
        name="utilisation",
        title=Text("额度使用率", "Utilisation"),
        meaning=Text(
            "未销户信用账户最近账单欠款占当日额度；没有额度或账单的账户不计，都没有为空",
            "Newest billed balance over the limit of the day; accounts without limit or statement do not count",
        ),
        formula=Text("Σ 欠款 ÷ Σ 额度", "Σ balance ÷ Σ limit"),
        population=Text("未销户信用账户", "Open credit accounts"),
        unit="ratio",
        direction="up",
        owner="risk",
        kind="stock",
        expression=_value,
    )
)
