"""Mn rates, lagged: late balances against the receivables that they came from."""

from datetime import timedelta

import ibis

from zhike.core.text import Text
from zhike.data.asof import Facts
from zhike.data.balances import BUCKETS, EDGES, lateness_is_known, receivables, receivables_at
from zhike.data.kpis import Kpi, Period, Rows, kpis, stacked

LAG_DAYS = 30


def _in(number: int) -> Rows:
    def rows(facts: Facts, _period: Period) -> ibis.Table:
        now = receivables(facts)
        then = receivables_at(facts, facts.as_of - timedelta(days=LAG_DAYS))
        return stacked(
            now.filter(now.bucket == number).select("account_id", part=now.balance_cents, whole=0),
            then.select("account_id", part=0, whole=then.balance_cents),
        )

    return rows


for _number in BUCKETS:
    _name = f"M{_number}" if _number < BUCKETS[-1] else f"M{_number}+"
    kpis.register(
        Kpi(
            name=f"m{_number}_rate_lagged",
            title=Text(f"{_name} 递延逾期率", f"{_name} rate, lagged"),
            meaning=Text(
                "当日桶内余额对30天前的应收，避免放款增长把逾期率摊薄；账单没有逾期天数的来源为空",
                "Balances late now against the receivables of 30 days ago, so that growth does not dilute them; empty "
                "where statements tell no days",
            ),
            formula=Text(
                f"{_name} 账户余额 ÷ {LAG_DAYS}天前应收余额",
                f"Balance of accounts in {_name} ÷ receivables {LAG_DAYS} days before",
            ),
            population=Text("未核销的信用账户", "Credit accounts that are not charged off"),
            unit="ratio",
            direction="down",
            owner="risk",
            kind="stock",
            area="risk",
            rows=_in(_number),
            quotient=True,
            known=lateness_is_known,
            assumptions=EDGES,
        )
    )
