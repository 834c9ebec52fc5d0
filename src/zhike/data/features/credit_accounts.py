"""Credit accounts."""

from zhike.core.text import Text
from zhike.data.feature import Feature, Measure
from zhike.data.features import features

features.register(
    Feature(
        name="credit_accounts",
        title=Text("信用账户数", "Credit accounts"),
        meaning=Text("未销户信用账户数", "Credit accounts that are not closed"),
        unit="count",
        table="account",
        measure=Measure("count"),
        where=lambda rows: (rows.kind == "credit") & rows.status.isin(["open", "frozen"]),
        empty=0,
    )
)
