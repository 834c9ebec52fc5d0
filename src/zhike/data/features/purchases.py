"""Purchases, the base of shares."""

from zhike.core.text import Text
from zhike.data.feature import Measure, Windowed
from zhike.data.features import register_windows
from zhike.data.rows import purchases

register_windows(
    Windowed(
        name="purchases_{days}d",
        title=Text("近{days}天消费笔数", "Purchases, {days} days"),
        meaning=Text("近{days}天消费笔数", "Purchases in {days} days"),
        unit="count",
        table="transaction",
        measure=Measure("count"),
        windows_days=(30, 90, 180, 365),
        where=purchases,
        empty=0,
    )
)
