"""Roll rates: what goes on from one bucket to the next in a month."""

import ibis

from zhike.core.clock import months_before
from zhike.core.text import Text
from zhike.data.asof import Facts
from zhike.data.balances import BUCKETS, EDGES, lateness_is_known, receivables, receivables_at
from zhike.data.kpis import Kpi, Period, Rows, kpis, stacked


def _into(number: int) -> Rows:
    def rows(facts: Facts, _period: Period) -> ibis.Table:
        now, then = receivables(facts), receivables_at(facts, months_before(facts.as_of, 1))
        return stacked(
            now.filter(now.bucket == number).select("account_id", part=now.balance_cents, whole=0),
            then.filter(then.bucket == number - 1).select("account_id", part=0, whole=then.balance_cents),
        )

    return rows


for _number in BUCKETS:
    _from, _to = f"M{_number - 1}", f"M{_number}" if _number < BUCKETS[-1] else f"M{_number}+"
    kpis.register(
        Kpi(
            name=f"roll_rate_m{_number - 1}_m{_number}",
            title=Text(f"{_from}→{_to} 滚动率", f"Roll rate {_from} to {_to}"),
            meaning=Text(
                "月度滚动：本月后一桶余额对上月前一桶余额；账单没有逾期天数的来源为空",
                "A calendar month apart, so that every account has closed one statement; empty where statements tell "
                "no days",
            ),
            formula=Text(
                f"当日 {_to} 余额 ÷ 上月同日 {_from} 余额", f"{_to} balance now ÷ {_from} balance a month before"
            ),
            population=Text("未核销的信用账户", "Credit accounts that are not charged off"),
            unit="ratio",
            direction="down",
            owner="risk",
            kind="stock",
            area="risk",
            rows=_into(_number),
            quotient=True,
            known=lateness_is_known,
            assumptions=EDGES,
        )
    )
