"""Breakage."""

import ibis

from zhike.core.text import Text
from zhike.data.asof import Facts
from zhike.data.kpis import Kpi, Period, kpis
from zhike.data.rows import points_earned, points_gone


def _rows(facts: Facts, period: Period) -> ibis.Table:
    moved = facts("points_movement")
    rows = moved.filter(period.holds(moved.business_date))
    return rows.select("account_id", "party_id", part=points_gone(rows, "expire"), whole=points_earned(rows))


kpis.register(
    Kpi(
        name="breakage_rate_12m",
        title=Text("积分沉没率", "Breakage"),
        meaning=Text(
            "近12个月到期作废的积分占同期净获得积分；期内没有获得为空",
            "Points that expired in 12 months, of those earned in them net of reversals; empty where none was earned",
        ),
        formula=Text("到期积分 ÷ 净获得积分", "Expired ÷ earned net of reversals"),
        population=Text("全部积分流水", "All movements of points"),
        unit="ratio",
        direction="down",
        owner="product",
        kind="flow",
        area="loyalty",
        rows=_rows,
        quotient=True,
        period_months=12,
    )
)
