"""Points: what is held, earned and redeemed."""

import ibis
import ibis.expr.types as ir

from zhike.core.text import Text
from zhike.data.feature import Feature, Measure, Windowed
from zhike.data.features import features, register_windows


def _signed(rows: ibis.Table) -> ir.IntegerValue:
    return ibis.ifelse(rows.direction == "credit", rows.points, -rows.points)


features.register(
    Feature(
        name="points_balance",
        title=Text("积分余额", "Points"),
        meaning=Text("全部积分变动之和；无变动为空", "Sum of all movements of points; empty where none is known"),
        unit="points",
        table="points_movement",
        measure=Measure("sum", _signed),
    )
)
register_windows(
    Windowed(
        name="points_earned_{days}d",
        title=Text("近{days}天获得积分", "Points earned, {days} days"),
        meaning=Text(
            "近{days}天消费与活动获得的积分，减退回；无积分变动为空",
            "Points earned and promised in {days} days, less what was taken back; empty where no movement is known",
        ),
        unit="points",
        table="points_movement",
        measure=Measure("sum", _signed),
        windows_days=(365,),
        where=lambda rows: rows.kind.isin(["earn", "promotion", "reverse"]),
    )
)
register_windows(
    Windowed(
        name="points_redeemed_{days}d",
        title=Text("近{days}天兑换积分", "Points redeemed, {days} days"),
        meaning=Text("近{days}天兑换的积分", "Points redeemed in {days} days"),
        unit="points",
        table="points_movement",
        measure=Measure("sum", "points"),
        windows_days=(365,),
        where=lambda rows: rows.kind == "redeem",
        empty=0,
    )
)
