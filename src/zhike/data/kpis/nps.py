"""Net promoter score."""

import ibis

from zhike.core.text import Text
from zhike.data.asof import Facts
from zhike.data.kpis import Kpi, Period, kpis


def _rows(facts: Facts, period: Period) -> ibis.Table:
    told = facts("survey_response")
    rows = told.filter(period.holds(told.business_date), told.kind == "nps")
    part = ibis.cases((rows.score >= 9, 1), (rows.score <= 6, -1), else_=0)
    return rows.select("party_id", "channel", part=part.cast("int64"), whole=1)


kpis.register(
    Kpi(
        name="nps_90d",
        title=Text("净推荐值", "Net promoter score"),
        meaning=Text(
            "推荐者占比减贬损者占比，可为负；没有问卷为空",
            "Promoters less detractors, may be negative; empty without any answer",
        ),
        formula=Text("9–10 分占比 − 0–6 分占比", "% promoters (9–10) − % detractors (0–6)"),
        population=Text("期内回答的推荐意愿问卷", "Surveys on recommendation answered in the period"),
        unit="ratio",
        direction="up",
        owner="consumer protection",
        kind="flow",
        area="service",
        rows=_rows,
        quotient=True,
        period_days=90,
    )
)
