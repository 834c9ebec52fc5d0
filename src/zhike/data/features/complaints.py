"""Complaints over a year, open or closed."""

from zhike.core.text import Text
from zhike.data.feature import Derived, Feature, Measure, Windowed
from zhike.data.features import features, register_windows

register_windows(
    Windowed(
        name="complaints_{days}d",
        title=Text("近{days}天投诉数", "Complaints, {days} days"),
        meaning=Text(
            "近{days}天受理的投诉数，重新受理另计", "Complaints received in {days} days, again where reopened"
        ),
        unit="count",
        table="complaint",
        measure=Measure("count"),
        windows_days=(365,),
        where=lambda rows: rows.step == "received",
        empty=0,
    )
)
register_windows(
    Windowed(
        name="complaints_regulator_{days}d",
        title=Text("近{days}天监管转办投诉数", "Complaints by the regulator, {days} days"),
        meaning=Text("近{days}天由监管部门转来的投诉数", "Complaints that the regulator forwarded in {days} days"),
        unit="count",
        table="complaint",
        measure=Measure("count"),
        windows_days=(365,),
        where=lambda rows: (rows.step == "received") & rows.by_regulator,
        empty=0,
    )
)
features.register(
    Feature(
        name="last_complaint_on",
        title=Text("最近投诉日", "Last complaint"),
        meaning=Text("最近一次受理投诉的日期；从未为空", "Day on which a complaint was last received; empty if never"),
        unit="date",
        table="complaint",
        measure=Measure("last"),
        where=lambda rows: rows.step == "received",
    )
)
features.register(
    Derived(
        name="days_since_complaint",
        title=Text("距上次投诉天数", "Days since complaint"),
        meaning=Text("距最近一次投诉的天数；从未为空", "Days since a complaint was last received; empty if never"),
        unit="days",
        type="int64",
        needs=("last_complaint_on",),
        expression=lambda view, as_of: as_of.delta(view.last_complaint_on, unit="day"),
    )
)
