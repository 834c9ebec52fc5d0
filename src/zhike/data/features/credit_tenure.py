"""Since when the customer holds credit."""

from zhike.core.text import Text
from zhike.data.feature import Derived, Feature, Measure
from zhike.data.features import features

features.register(
    Feature(
        name="credit_since",
        title=Text("信用卡开户日", "Credit since"),
        meaning=Text(
            "最早信用账户的开户日；无信用账户为空", "Opening day of the first credit account; empty without one"
        ),
        unit="date",
        table="account",
        measure=Measure("first", "opened_on"),
        where=lambda rows: rows.kind == "credit",
    )
)
features.register(
    Derived(
        name="credit_tenure_days",
        title=Text("信用卡账龄天数", "Credit tenure"),
        meaning=Text("距最早信用账户开户的天数", "Days since the first credit account was opened"),
        unit="days",
        type="int64",
        needs=("credit_since",),
        expression=lambda view, as_of: as_of.delta(view.credit_since, unit="day"),
    )
)
