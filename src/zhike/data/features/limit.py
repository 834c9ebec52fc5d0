"""Credit limit."""

from zhike.core.text import Text
from zhike.data.feature import Feature, Measure
from zhike.data.features import features

LIMIT = features.register(
    Feature(
        name="limit_cents",
        title=Text("信用额度", "Credit limit"),
        meaning=Text(
            "未销户信用账户当日有效额度之和，临时额度高于固定额度时取临时额度；无额度为空",
            "Limits valid on the day over open accounts, a temporary one where it is higher; empty without a limit",
        ),
        unit="cents",
        table="limit_event",
        measure=Measure("sum", "limit_cents", account_how="max"),
        accounts=lambda accounts: accounts.account_status.isin(["open", "frozen"]),
    )
)
