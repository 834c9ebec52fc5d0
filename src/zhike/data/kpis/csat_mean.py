"""Satisfaction, mean."""

import ibis

from zhike.core.text import Text
from zhike.data.asof import Facts
from zhike.data.kpis import Kpi, Period, kpis


def _rows(facts: Facts, period: Period) -> ibis.Table:
    told = facts("survey_response")
    rows = told.filter(period.holds(told.business_date), told.kind == "csat")
    return rows.select("party_id", "channel", part=rows.score, whole=1)


kpis.register(
    Kpi(
        name="csat_mean_90d",
        title=Text("满意度均分", "Satisfaction, mean"),
        meaning=Text(
            "满意度问卷的平均分，1 至 5 分；没有问卷为空",
            "Mean score of satisfaction surveys, 1 to 5; empty without any",
        ),
        formula=Text("Σ 分数 ÷ 回答数", "Σ scores ÷ answers"),
        population=Text("期内回答的满意度问卷", "Satisfaction surveys answered in the period"),
        unit="number",
        direction="up",
        owner="consumer protection",
        kind="flow",
        area="service",
        rows=_rows,
        quotient=True,
        period_days=90,
    )
)
