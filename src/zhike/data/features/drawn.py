"""Drawn: what is owed on the accounts whose limits stand, by their newest statements."""

from zhike.core.text import Text
from zhike.data.feature import Feature, Measure
from zhike.data.features import features

features.register(
    Feature(
        name="drawn_cents",
        title=Text("已用额度", "Drawn"),
        meaning=Text(
            "未销户信用账户最近一期账单的欠款之和，与信用额度同一批账户；无账单为空",
            "Balance of the newest statements of open credit accounts, those of the credit limit; empty without one",
        ),
        unit="cents",
        table="statement",
        measure=Measure("sum", "balance_cents"),
        newest_per_account=True,
        accounts=lambda accounts: (
            (accounts.account_kind == "credit") & accounts.account_status.isin(["open", "frozen"])
        ),
    )
)
