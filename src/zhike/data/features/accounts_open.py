"""Open accounts."""

from zhike.core.text import Text
from zhike.data.feature import Feature, Measure
from zhike.data.features import features

features.register(
    Feature(
        name="accounts_open",
        title=Text("在用账户数", "Open accounts"),
        meaning=Text("状态为正常的账户数", "Accounts whose state is open"),
        unit="count",
        table="account",
        measure=Measure("count"),
        where=lambda rows: rows.status == "open",
        empty=0,
    )
)
