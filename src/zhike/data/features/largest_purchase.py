"""The largest single purchase."""

from zhike.core.text import Text
from zhike.data.feature import Measure, Windowed
from zhike.data.features import register_windows
from zhike.data.rows import purchases

register_windows(
    Windowed(
        name="largest_purchase_{days}d_cents",
        title=Text("近{days}天最大单笔消费", "Largest purchase, {days} days"),
        meaning=Text(
            "近{days}天金额最大的一笔消费；无消费为空", "Greatest single purchase in {days} days; empty without one"
        ),
        unit="cents",
        table="transaction",
        measure=Measure("max", "amount_cents"),
        windows_days=(30, 90),
        where=purchases,
    )
)
