"""Night purchases, the base of shares."""

from zhike.core.text import Text
from zhike.data.feature import Measure, Windowed
from zhike.data.features import register_windows
from zhike.data.rows import night_purchases

register_windows(
    Windowed(
        name="night_purchases_{days}d",
        title=Text("近{days}天夜间消费笔数", "Night purchases, {days} days"),
        meaning=Text("近{days}天0至5点的消费笔数", "Purchases between 00:00 and 05:00 in {days} days"),
        unit="count",
        table="transaction",
        measure=Measure("count"),
        windows_days=(90,),
        where=night_purchases,
        empty=0,
        theme="habits",
    )
)
