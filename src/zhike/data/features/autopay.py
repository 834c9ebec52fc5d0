"""Payments by standing instruction, and the day of the newest payment."""

from zhike.core.text import Text
from zhike.data.feature import Derived, Feature, Measure, Windowed
from zhike.data.features import features, register_windows

register_windows(
    Windowed(
        name="autopay_payments_{days}d",
        title=Text("近{days}天自动还款次数", "Payments by autopay, {days} days"),
        meaning=Text("近{days}天自动还款的次数", "Payments by standing instruction in {days} days"),
        unit="count",
        table="payment",
        measure=Measure("count"),
        windows_days=(90,),
        where=lambda rows: rows.autopay,
        empty=0,
    )
)
features.register(
    Feature(
        name="last_payment_on",
        title=Text("最近还款日", "Last payment"),
        meaning=Text("最近一笔还款的营业日；从未还款为空", "Business date of the newest payment; empty if never"),
        unit="date",
        table="payment",
        measure=Measure("last"),
    )
)
features.register(
    Derived(
        name="days_since_payment",
        title=Text("距上次还款天数", "Days since last payment"),
        meaning=Text("距最近一笔还款的天数；从未还款为空", "Days since the newest payment; empty if never"),
        unit="days",
        type="int64",
        needs=("last_payment_on",),
        expression=lambda view, as_of: as_of.delta(view.last_payment_on, unit="day"),
    )
)
