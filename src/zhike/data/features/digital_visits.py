"""Visits to the app and the online bank."""

from zhike.core.text import Text
from zhike.data.feature import Derived, Feature, Measure, Windowed
from zhike.data.features import features, register_windows
from zhike.data.rows import digital_visits

register_windows(
    Windowed(
        name="digital_visits_{days}d",
        title=Text("近{days}天线上访问", "Digital visits, {days} days"),
        meaning=Text(
            "近{days}天登录与浏览手机银行和网银的次数", "Log-ins and views in app and online bank in {days} days"
        ),
        unit="count",
        table="interaction",
        measure=Measure("count"),
        windows_days=(30, 90),
        where=digital_visits,
        empty=0,
    )
)
features.register(
    Feature(
        name="last_digital_visit_on",
        title=Text("最近线上访问日", "Last digital visit"),
        meaning=Text("最近一次线上访问的日期；从未为空", "Day of the newest digital visit; empty if never"),
        unit="date",
        table="interaction",
        measure=Measure("last"),
        where=digital_visits,
    )
)
features.register(
    Derived(
        name="days_since_digital_visit",
        title=Text("距上次线上访问天数", "Days since digital visit"),
        meaning=Text("距最近一次线上访问的天数；从未为空", "Days since the newest digital visit; empty if never"),
        unit="days",
        type="int64",
        needs=("last_digital_visit_on",),
        expression=lambda view, as_of: as_of.delta(view.last_digital_visit_on, unit="day"),
    )
)
