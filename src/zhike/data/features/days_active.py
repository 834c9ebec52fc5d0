"""On how many days the customer was active."""

from zhike.core.text import Text
from zhike.data.feature import Measure, Windowed
from zhike.data.features import register_windows
from zhike.data.rows import customer_initiated

register_windows(
    Windowed(
        name="days_active_{days}d",
        title=Text("近{days}天活跃天数", "Active days, {days} days"),
        meaning=Text(
            "近{days}天有主动交易的不同营业日数",
            "Distinct business dates with a customer-initiated transaction in {days} days",
        ),
        unit="days",
        table="transaction",
        measure=Measure("distinct", "business_date"),
        windows_days=(30, 90, 180, 365),
        where=customer_initiated,
        empty=0,
    )
)
