"""Silent churn: who was active and has fallen silent without a word."""

from dataclasses import dataclass, replace
from datetime import timedelta

import ibis

from zhike.core.text import Text
from zhike.data.asof import Facts
from zhike.data.assumption import assumption
from zhike.data.holders import telling_accounts, used
from zhike.data.kpis import Kpi, Period, kpis
from zhike.data.rows import use_is_told


@dataclass(frozen=True)
class Horizon:
    """The churn score predicts exactly this, with the same parameters."""

    silent_months: int = assumption(6, "months", Text("静默几个月算流失", "Lost after silence of"), owner="product")
    active_days: int = assumption(
        90, "days", Text("期初几天内有交易算活跃", "Active at the start when used within"), owner="product"
    )


HORIZON = Horizon()


def _rows(facts: Facts, period: Period) -> ibis.Table:
    then, start = replace(facts, as_of=period.before), period.before
    accounts = telling_accounts(then)
    before = used(accounts, then, start - timedelta(days=HORIZON.active_days))
    since = used(accounts, facts, start)
    rows = before.filter(before.used == 1).select("party_id").join(since, "party_id")
    return rows.select("party_id", part=1 - rows.used, whole=1)


kpis.register(
    Kpi(
        name="silent_churn_rate",
        title=Text("静默流失率", "Silent churn rate"),
        meaning=Text(
            "期初活跃、此后6个月没有任何主动交易的客户；销户不等于静默，静默也不等于销户",
            "Active at the start and without any transaction of their own in the 6 months since; neither implies a "
            "closed account nor follows from one",
        ),
        formula=Text(
            "期初活跃且期内无主动交易的客户 ÷ 期初活跃客户",
            "Active at the start without customer-initiated transaction since ÷ active at the start",
        ),
        population=Text(
            "期初前90天内有主动交易的客户", "Customers with a transaction of their own in the 90 days before"
        ),
        unit="ratio",
        direction="down",
        owner="product",
        kind="flow",
        area="customers",
        rows=_rows,
        quotient=True,
        known=lambda facts: use_is_told(facts("transaction")),
        period_months=HORIZON.silent_months,
        rolling=True,
        assumptions=HORIZON,
    )
)
