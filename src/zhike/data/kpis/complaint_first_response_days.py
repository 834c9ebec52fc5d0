"""First response to complaints."""

import ibis

from zhike.core.text import Text
from zhike.data.asof import Facts
from zhike.data.dialogue import complaints, days_between
from zhike.data.kpis import Kpi, Period, kpis


def _rows(facts: Facts, period: Period) -> ibis.Table:
    told = complaints(facts)
    rows = told.filter(period.holds(told.responded_on))
    return rows.select("party_id", "channel", part=days_between(rows.responded_on, rows.received_on), whole=1)


kpis.register(
    Kpi(
        name="complaint_first_response_days_90d",
        title=Text("投诉首次答复天数", "First response to a complaint"),
        meaning=Text(
            "期内首次得到答复（或直接办结）的投诉，从受理算起的平均天数",
            "Of complaints with their first answer, or closed at once, in the period: mean days since received",
        ),
        formula=Text(
            "Σ（首次答复日 − 受理日）÷ 期内首次答复的投诉", "Σ (first answer − received) ÷ complaints first answered"
        ),
        population=Text("期内首次答复的投诉", "Complaints first answered in the period"),
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
