"""How many merchants the customer buys from."""

from zhike.core.text import Text
from zhike.data.feature import Measure, Windowed
from zhike.data.features import register_windows
from zhike.data.rows import purchases

register_windows(
    Windowed(
        name="merchants_{days}d",
        title=Text("近{days}天商户数", "Merchants, {days} days"),
        meaning=Text("近{days}天发生消费的不同商户数（精确）", "Distinct merchants bought from in {days} days, exact"),
        unit="count",
        table="transaction",
        measure=Measure("distinct", "merchant_id"),
        windows_days=(30, 90),
        where=purchases,
        empty=0,
        theme="habits",
    )
)
