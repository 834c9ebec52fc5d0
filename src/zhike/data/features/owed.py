"""Owed, by the newest statement of each credit account."""

from zhike.core.text import Text
from zhike.data.feature import Feature, Measure
from zhike.data.features import features

features.register(
    Feature(
        name="owed_cents",
        title=Text("信用账户欠款", "Owed"),
        meaning=Text(
            "未核销信用账户最近一期账单的欠款之和；无账单为空",
            "Balance of the newest statements of credit accounts that are not charged off; empty without one",
        ),
        unit="cents",
        table="statement",
        measure=Measure("sum", "balance_cents"),
        newest_per_account=True,
        accounts=lambda accounts: (accounts.account_kind == "credit") & (accounts.account_status != "charged_off"),
    )
)
