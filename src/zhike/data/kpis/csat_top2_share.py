"""Satisfaction, the share of the two best scores."""

import ibis

from zhike.core.text import Text
from zhike.data.asof import Facts
from zhike.data.kpis import Kpi, Period, kpis


def _rows(facts: Facts, period: Period) -> ibis.Table:
    told = facts("survey_response")
    rows = told.filter(period.holds(told.business_date), told.kind == "csat")
    return rows.select("party_id", "channel", part=(rows.score >= 4).cast("int64"), whole=1)


kpis.register(
    Kpi(
        name="csat_top2_share_90d",
        title=Text("满意率（前两档）", "Satisfaction, top two"),
        meaning=Text("打 4 分或 5 分的回答占比；没有问卷为空", "Answers of 4 or 5; empty without any"),
        formula=Text("4 分与 5 分的回答 ÷ 回答数", "Answers of 4 and 5 ÷ answers"),
        population=Text("期内回答的满意度问卷", "Satisfaction surveys answered in the period"),
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
