"""Recency of purchases, apart from other transactions."""

from zhike.core.text import Text
from zhike.data.feature import Derived, Feature, Measure
from zhike.data.features import features
from zhike.data.rows import purchases

features.register(
    Feature(
        name="last_purchase_on",
        title=Text("最近消费日", "Last purchase"),
        meaning=Text("最近一笔消费的营业日", "Business date of the newest purchase"),
        unit="date",
        table="transaction",
        measure=Measure("last"),
        where=purchases,
    )
)
features.register(
    Derived(
        name="days_since_last_purchase",
        title=Text("距上次消费天数", "Days since last purchase"),
        meaning=Text("距最近一笔消费的天数；从未消费为空", "Days since the newest purchase; empty if never"),
        unit="days",
        type="int64",
        needs=("last_purchase_on",),
        expression=lambda view, as_of: as_of.delta(view.last_purchase_on, unit="day"),
    )
)
