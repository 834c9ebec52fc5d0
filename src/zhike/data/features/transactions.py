"""Customer-initiated transactions."""

from zhike.core.text import Text
from zhike.data.feature import Measure, Windowed
from zhike.data.features import register_windows
from zhike.data.rows import customer_initiated

register_windows(
    Windowed(
        name="transactions_{days}d",
        title=Text("近{days}天交易笔数", "Transactions, {days} days"),
        meaning=Text("近{days}天持卡人主动发起的入账交易笔数", "Posted customer-initiated transactions in {days} days"),
        unit="count",
        table="transaction",
        measure=Measure("count"),
        windows_days=(30, 90, 180, 365),
        where=customer_initiated,
        empty=0,
    )
)
