"""Tenure."""

from zhike.core.text import Text
from zhike.data.feature import Derived
from zhike.data.features import features

TENURE = features.register(
    Derived(
        name="tenure_days",
        title=Text("客龄天数", "Tenure"),
        meaning=Text("距最早开户的天数", "Days since the first account was opened"),
        unit="days",
        type="int64",
        needs=("customer_since",),
        expression=lambda view, as_of: as_of.delta(view.customer_since, unit="day"),
    )
)
