"""Minimum payment, by the newest statement of each credit account."""

from zhike.core.text import Text
from zhike.data.feature import Feature, Measure
from zhike.data.features import features

features.register(
    Feature(
        name="minimum_cents",
        title=Text("最低还款额", "Minimum payment"),
        meaning=Text(
            "最近一期账单最低还款额之和；未知为空", "Minimum payment of the newest statements; empty where unknown"
        ),
        unit="cents",
        table="statement",
        measure=Measure("sum", "minimum_cents"),
        newest_per_account=True,
        accounts=lambda accounts: accounts.account_kind == "credit",
    )
)
