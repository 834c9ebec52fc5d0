"""Money that came back from shops."""

from zhike.core.text import Text
from zhike.data.feature import Measure, Windowed
from zhike.data.features import register_windows

register_windows(
    Windowed(
        name="refunds_{days}d_cents",
        title=Text("近{days}天退货额", "Refunds, {days} days"),
        meaning=Text("近{days}天入账退货金额", "Posted refunds in {days} days"),
        unit="cents",
        table="transaction",
        measure=Measure("sum", "amount_cents"),
        windows_days=(90,),
        where=lambda rows: rows.kind == "refund",
        empty=0,
    )
)
