"""Benefits used, and what they cost the bank."""

from zhike.core.text import Text
from zhike.data.feature import Measure, Windowed
from zhike.data.features import register_windows

register_windows(
    Windowed(
        name="benefit_uses_{days}d",
        title=Text("近{days}天权益使用次数", "Benefits used, {days} days"),
        meaning=Text("近{days}天使用权益的次数", "Times that a benefit was used in {days} days"),
        unit="count",
        table="benefit_use",
        measure=Measure("count"),
        windows_days=(365,),
        empty=0,
    )
)
register_windows(
    Windowed(
        name="benefit_cost_{days}d_cents",
        title=Text("近{days}天权益成本", "Cost of benefits, {days} days"),
        meaning=Text(
            "近{days}天权益的银行成本，未知成本计0", "Cost of benefits to the bank in {days} days, 0 where unknown"
        ),
        unit="cents",
        table="benefit_use",
        measure=Measure("sum", "cost_cents"),
        windows_days=(365,),
        empty=0,
    )
)
