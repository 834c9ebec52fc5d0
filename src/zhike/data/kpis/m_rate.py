"""Mn rates: receivables by how late they are, coincident."""

import ibis

from zhike.core.text import Text
from zhike.data.asof import Facts
from zhike.data.balances import BUCKETS, EDGES, lateness_is_known, receivables
from zhike.data.kpis import Kpi, Period, Rows, kpis


def _in(number: int) -> Rows:
    def rows(facts: Facts, _period: Period) -> ibis.Table:
        owed = receivables(facts)
        part = ibis.ifelse((owed.bucket == number).fill_null(False), owed.balance_cents, 0)
        return owed.select("account_id", part=part, whole=owed.balance_cents)

    return rows


for _number in BUCKETS:
    _name = f"M{_number}" if _number < BUCKETS[-1] else f"M{_number}+"
    kpis.register(
        Kpi(
            name=f"m{_number}_rate",
            title=Text(f"{_name} 即期逾期率", f"{_name} rate, coincident"),
            meaning=Text(
                "按最近一期账单的逾期天数分桶，整户余额计入；账单没有逾期天数的来源为空",
                "By the days past due of the newest statement, with the whole balance of the account; empty where "
                "statements tell no days",
            ),
            formula=Text(f"{_name} 账户余额 ÷ 应收余额", f"Balance of accounts in {_name} ÷ receivables"),
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
