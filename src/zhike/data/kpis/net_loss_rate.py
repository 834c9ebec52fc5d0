"""Net loss rate."""

import ibis

from zhike.core.text import Text
from zhike.data.asof import Facts
from zhike.data.balances import receivables, receivables_at
from zhike.data.economics import YEAR_DAYS
from zhike.data.kpis import Kpi, Period, kpis, stacked
from zhike.data.rows import postings_are_told


def _rows(facts: Facts, period: Period) -> ibis.Table:
    posted = facts("posting")
    lost = posted.filter(period.holds(posted.business_date), posted.kind.isin(["charge_off", "recovery"]))
    amount = ibis.ifelse(lost.kind == "charge_off", lost.amount_cents, -lost.amount_cents)
    return stacked(
        lost.select("account_id", part=amount * (2 * YEAR_DAYS), whole=0),
        *(
            owed.select("account_id", part=0, whole=owed.balance_cents * period.days)
            for owed in (receivables_at(facts, period.before), receivables(facts))
        ),
    )


kpis.register(
    Kpi(
        name="net_loss_rate_90d",
        title=Text("近90天净损失率（年化）", "Net loss rate, 90 days, annualised"),
        meaning=Text(
            "核销减收回，对期初与期末应收的平均，按365天年化；从无核销入账的来源为空",
            "Against the mean of the receivables at both ends, at 365 days a year; empty where no charge-off is posted",
        ),
        formula=Text(
            "（核销 − 收回）÷ 平均应收 × 365 ÷ 天数", "(Charge-off − recovery) ÷ average receivables × 365 ÷ days"
        ),
        population=Text("信用账户", "Credit accounts"),
        unit="ratio",
        direction="down",
        owner="risk",
        kind="flow",
        area="risk",
        rows=_rows,
        quotient=True,
        known=lambda facts: postings_are_told(facts("posting"), "charge_off"),
        period_days=90,
    )
)
