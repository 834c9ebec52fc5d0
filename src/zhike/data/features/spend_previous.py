"""Spend of the quarter before the last one."""

from zhike.core.text import Text
from zhike.data.feature import Feature, Measure
from zhike.data.features import features
from zhike.data.rows import net_spend

SPEND_PREVIOUS_90D = features.register(
    Feature(
        name="spend_previous_90d_cents",
        title=Text("前90天消费额", "Spend, previous 90 days"),
        meaning=Text("91至180天前的入账消费减退货", "Posted purchases net of refunds 91 to 180 days ago"),
        unit="cents",
        table="transaction",
        measure=Measure("sum", net_spend),
        window_days=90,
        offset_days=90,
        empty=0,
    )
)
