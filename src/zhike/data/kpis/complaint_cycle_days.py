"""How long complaints take."""

import ibis

from zhike.core.text import Text
from zhike.data.asof import Facts
from zhike.data.dialogue import complaints, days_between
from zhike.data.kpis import Kpi, Period, kpis


def _rows(facts: Facts, period: Period) -> ibis.Table:
    told = complaints(facts)
    rows = told.filter(period.holds(told.closed_on))
    return rows.select("party_id", "channel", part=days_between(rows.closed_on, rows.received_on), whole=1)


kpis.register(
    Kpi(
        name="complaint_cycle_days_90d",
        title=Text("投诉办结周期", "Complaint cycle time"),
        meaning=Text(
            "期内最后一次办结的投诉，从首次受理算起的平均天数",
            "Of complaints last closed in the period: mean days since received",
        ),
        formula=Text("Σ（办结日 − 受理日）÷ 期内办结的投诉", "Σ (closed − received) ÷ complaints closed"),
        population=Text("期内办结的投诉", "Complaints closed in the period"),
        unit="days",
        direction="down",
        owner="consumer protection",
        kind="flow",
        area="service",
        rows=_rows,
        quotient=True,
        period_days=90,
    )
)
