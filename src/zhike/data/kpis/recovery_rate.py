"""Recovery rate."""

import ibis

from zhike.core.text import Text
from zhike.data.asof import Facts
from zhike.data.kpis import Kpi, Period, kpis
from zhike.data.rows import postings_are_told


def _rows(facts: Facts, period: Period) -> ibis.Table:
    posted = facts("posting")
    rows = posted.filter(period.holds(posted.business_date), posted.kind.isin(["charge_off", "recovery"]))
    lost = rows.kind == "charge_off"
    return rows.select(
        "account_id", part=ibis.ifelse(lost, 0, rows.amount_cents), whole=ibis.ifelse(lost, rows.amount_cents, 0)
    )


kpis.register(
    Kpi(
        name="recovery_rate_12m",
        title=Text("近12个月核销收回率", "Recovery rate, 12 months"),
        meaning=Text(
            "同期收回对同期核销，不追踪批次；期内没有核销为空",
            "What came in against what was written off in the same months; empty without a charge-off in them",
        ),
        formula=Text("收回 ÷ 核销", "Recovered ÷ charged off"),
        population=Text("信用账户的核销与收回", "Charge-offs and recoveries"),
        unit="ratio",
        direction="up",
        owner="risk",
        kind="flow",
        area="risk",
        rows=_rows,
        quotient=True,
        known=lambda facts: postings_are_told(facts("posting"), "charge_off"),
        period_months=12,
    )
)
