"""Complaints answered on time."""

from dataclasses import dataclass
from datetime import timedelta

import ibis

from zhike.core.text import Text
from zhike.data.asof import Facts
from zhike.data.assumption import assumption
from zhike.data.dialogue import complaints
from zhike.data.kpis import Kpi, Period, kpis


@dataclass(frozen=True)
class Term:
    """The term without extensions: no table tells which complaints were given 30 days."""

    days: int = assumption(
        15, "days", Text("办理时限", "Term"), owner="consumer protection",
        origin="measures on complaints of banking consumers: decide and tell within 15 days",
    )  # fmt: skip


TERM = Term()


def _rows(facts: Facts, period: Period) -> ibis.Table:
    told = complaints(facts)
    rows = told.filter(period.holds(told.received_on))
    in_time = rows.responded_on <= rows.received_on + timedelta(days=TERM.days)
    return rows.select("party_id", "channel", part=in_time.fill_null(False).cast("int64"), whole=1)


kpis.register(
    Kpi(
        name="complaint_on_time_rate_90d",
        title=Text("投诉按时办理率", "Complaints answered on time"),
        meaning=Text(
            "受理后15天内已答复或办结的投诉；未答复的算超时，批准延期的不另计",
            "Answered or closed within 15 days; one without an answer is late, granted extensions are not told apart",
        ),
        formula=Text("15天内答复或办结 ÷ 受理的投诉", "Answered or closed within 15 days ÷ complaints received"),
        population=Text("受理满15天的90天投诉", "Complaints received in the 90 days that ended 15 days ago"),
        unit="ratio",
        direction="up",
        owner="consumer protection",
        kind="flow",
        area="service",
        rows=_rows,
        quotient=True,
        period_days=90,
        period_ends_days_before=TERM.days,
        assumptions=TERM,
    )
)
