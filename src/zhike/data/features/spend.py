"""Spend: posted purchases net of refunds."""

from zhike.core.text import Text
from zhike.data.feature import Measure, Windowed
from zhike.data.features import register_windows
from zhike.data.rows import net_spend

register_windows(
    Windowed(
        name="spend_{days}d_cents",
        title=Text("近{days}天消费额", "Spend, {days} days"),
        meaning=Text(
            "近{days}天入账消费减退货，不含取现",
            "Posted purchases net of refunds in {days} days, without cash advances",
        ),
        unit="cents",
        table="transaction",
        measure=Measure("sum", net_spend),
        windows_days=(30, 90, 180, 365),
        empty=0,
    )
)
