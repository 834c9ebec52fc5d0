"""Cash taken."""

from zhike.core.text import Text
from zhike.data.feature import Measure, Windowed
from zhike.data.features import register_windows
from zhike.data.rows import cash

register_windows(
    Windowed(
        name="cash_{days}d_cents",
        title=Text("近{days}天取现额", "Cash, {days} days"),
        meaning=Text("近{days}天信用卡取现与存款账户取款", "Cash advances and withdrawals in {days} days"),
        unit="cents",
        table="transaction",
        measure=Measure("sum", "amount_cents"),
        windows_days=(90, 365),
        where=cash,
        empty=0,
    )
)
