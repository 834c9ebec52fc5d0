"""Closed accounts."""

from zhike.core.text import Text
from zhike.data.feature import Feature, Measure
from zhike.data.features import features

features.register(
    Feature(
        name="accounts_closed",
        title=Text("已销账户数", "Closed accounts"),
        meaning=Text("已销户或核销的账户数", "Accounts closed or charged off"),
        unit="count",
        table="account",
        measure=Measure("count"),
        where=lambda rows: rows.status.isin(["closed", "charged_off"]),
        empty=0,
    )
)
