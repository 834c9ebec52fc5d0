"""What the points of twelve months cost."""

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from zhike.core.text import Text
from zhike.data.assumption import assumption
from zhike.data.feature import Derived
from zhike.data.features import features
from zhike.data.ratio import basis_points


@dataclass(frozen=True)
class Assumptions:
    """By points where the bank delivers them, else by spend."""

    point_cents: int = assumption(
        4, "cents", Text("每积分成本", "Cost of a point"), owner="finance",
        origin="1 point for ¥20 of spend at 0.20 % of spend, after breakage; the bank sets its own",
    )  # fmt: skip
    points_bp: int = assumption(
        20, "bp", Text("无积分数据时的积分成本率", "Cost of points over spend, where none are delivered"),
        owner="finance", origin="convention of the trade",
    )  # fmt: skip


ASSUMED = Assumptions()


def _cost(view: ibis.Table) -> ir.IntegerValue:
    estimated = basis_points(view.credit_spend_365d_cents, ASSUMED.points_bp)
    return ibis.greatest((view.points_earned_365d * ASSUMED.point_cents).coalesce(estimated), 0)


features.register(
    Derived(
        name="points_cost_12m_cents",
        title=Text("近12个月积分成本", "Cost of points, 12 months"),
        meaning=Text(
            f"获得积分 × {ASSUMED.point_cents}分；无积分数据时按信用卡消费的{ASSUMED.points_bp / 100:g}%",
            f"Points earned at {ASSUMED.point_cents} cents each; without data on points "
            f"{ASSUMED.points_bp / 100:g} % of spend on credit",
        ),
        unit="cents",
        type="int64",
        needs=("points_earned_365d", "credit_spend_365d_cents"),
        expression=lambda view, as_of: _cost(view),
        theme="worth",
        assumptions=ASSUMED,
    )
)
