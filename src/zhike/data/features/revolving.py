"""Revolving, by the newest statement of each credit account."""

from zhike.core.text import Text
from zhike.data.feature import Feature, Measure
from zhike.data.features import features

features.register(
    Feature(
        name="revolving_cents",
        title=Text("循环余额", "Revolving"),
        meaning=Text(
            "最近一期账单中计息余额之和；未知为空",
            "Interest-bearing part of the newest statements; empty where unknown",
        ),
        unit="cents",
        table="statement",
        measure=Measure("sum", "revolving_cents"),
        newest_per_account=True,
        accounts=lambda accounts: accounts.account_kind == "credit",
    )
)
