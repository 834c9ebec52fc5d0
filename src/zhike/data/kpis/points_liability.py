"""Points liability."""

import ibis

from zhike.core.text import Text
from zhike.data.asof import Facts
from zhike.data.economics import PointValue
from zhike.data.kpis import Kpi, Period, kpis

AT = PointValue()


def _rows(facts: Facts, _period: Period) -> ibis.Table:
    moved = facts("points_movement")
    points = ibis.ifelse(moved.direction == "credit", moved.points, -moved.points)
    return moved.select("account_id", "party_id", part=points * AT.cents_per_10000_points)


kpis.register(
    Kpi(
        name="points_liability",
        title=Text("积分负债", "Points liability"),
        meaning=Text(
            "尚未兑换、未到期的积分按假设单价计；来源没有积分流水为空",
            "Points that are neither redeemed nor expired, at an assumed cost; empty where no points are told",
        ),
        formula=Text(
            "（获得 − 兑换 − 到期 − 冲回）的积分 × 单价", "(Earned − redeemed − expired − reversed) × cost of a point"
        ),
        population=Text("全部积分流水", "All movements of points"),
        unit="cents",
        direction="down",
        owner="finance",
        kind="stock",
        area="loyalty",
        rows=_rows,
        per=10_000,
        assumptions=AT,
    )
)
