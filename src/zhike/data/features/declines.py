"""Requests that were declined."""

from zhike.core.text import Text
from zhike.data.feature import Derived, Measure, Windowed
from zhike.data.features import features, register_windows
from zhike.data.ratio import ratio

register_windows(
    Windowed(
        name="declines_{days}d",
        title=Text("近{days}天被拒交易笔数", "Declines, {days} days"),
        meaning=Text("近{days}天被拒绝的授权请求笔数", "Requests to authorise that were declined in {days} days"),
        unit="count",
        table="authorisation",
        measure=Measure("count"),
        windows_days=(30, 90),
        where=lambda rows: rows.outcome == "declined",
        empty=0,
    )
)
features.register(
    Derived(
        name="decline_share_90d",
        title=Text("近90天被拒占比", "Decline share, 90 days"),
        meaning=Text(
            "近90天被拒笔数 ÷（被拒笔数 + 入账消费笔数）；都没有为空",
            "Declines of 90 days over declines and posted purchases together; empty without either",
        ),
        unit="ratio",
        type="float64",
        needs=("declines_90d", "purchases_90d"),
        expression=lambda view, as_of: ratio(view.declines_90d, view.declines_90d + view.purchases_90d),
    )
)
