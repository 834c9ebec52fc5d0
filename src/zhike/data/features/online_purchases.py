"""Online purchases, the base of shares."""

from zhike.core.text import Text
from zhike.data.feature import Measure, Windowed
from zhike.data.features import register_windows
from zhike.data.rows import online_purchases

register_windows(
    Windowed(
        name="online_purchases_{days}d",
        title=Text("近{days}天线上消费笔数", "Online purchases, {days} days"),
        meaning=Text("近{days}天线上与钱包消费笔数", "Purchases online or by wallet in {days} days"),
        unit="count",
        table="transaction",
        measure=Measure("count"),
        windows_days=(90,),
        where=online_purchases,
        empty=0,
        theme="habits",
    )
)
