"""Payments towards credit accounts."""

from zhike.core.text import Text
from zhike.data.feature import Measure, Windowed
from zhike.data.features import register_windows

register_windows(
    Windowed(
        name="payments_{days}d_cents",
        title=Text("近{days}天还款额", "Payments, {days} days"),
        meaning=Text("近{days}天信用账户还款", "Payments towards credit accounts in {days} days"),
        unit="cents",
        table="payment",
        measure=Measure("sum", "amount_cents"),
        windows_days=(35, 90, 365),
        empty=0,
    )
)
