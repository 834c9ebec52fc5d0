"""Arrears over a year: how often, and how bad at the worst."""

from zhike.core.text import Text
from zhike.data.feature import Measure, Windowed
from zhike.data.features import register_windows

register_windows(
    Windowed(
        name="late_statements_{days}d",
        title=Text("近{days}天逾期账单数", "Late statements, {days} days"),
        meaning=Text("近{days}天出账时已逾期的账单数", "Statements of {days} days that closed with the account late"),
        unit="count",
        table="statement",
        measure=Measure("count"),
        windows_days=(365,),
        where=lambda rows: rows.days_past_due > 0,
        empty=0,
    )
)
register_windows(
    Windowed(
        name="worst_past_due_{days}d",
        title=Text("近{days}天最大逾期天数", "Worst days past due, {days} days"),
        meaning=Text(
            "近{days}天各期账单的最大逾期天数；无账单为空",
            "Greatest days past due of the statements of {days} days; empty without one",
        ),
        unit="days",
        table="statement",
        measure=Measure("max", "days_past_due"),
        windows_days=(365,),
    )
)
