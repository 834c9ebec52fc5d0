"""Arrears."""

from zhike.core.text import Text
from zhike.data.feature import Feature, Measure
from zhike.data.features import features

DAYS_PAST_DUE = features.register(
    Feature(
        name="days_past_due",
        title=Text("逾期天数", "Days past due"),
        meaning=Text(
            "最近一期账单的最大逾期天数；无账单为空",
            "Greatest days past due by the newest statements; empty without one",
        ),
        unit="days",
        table="statement",
        measure=Measure("max", "days_past_due"),
        newest_per_account=True,
    )
)
