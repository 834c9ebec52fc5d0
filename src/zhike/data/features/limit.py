"""Credit limits: what counts on the day, and what was granted for good."""

from zhike.core.text import Text
from zhike.data.feature import Feature, Measure
from zhike.data.features import features

_LIVE = ["open", "frozen"]

LIMIT = features.register(
    Feature(
        name="limit_cents",
        title=Text("有效信用额度", "Effective credit limit"),
        meaning=Text(
            "未销户信用账户当日有效额度之和，临时额度高于固定额度时取临时额度；无额度为空",
            "Limits valid on the day over open accounts, a temporary one where it is higher; empty without a limit",
        ),
        unit="cents",
        table="limit_event",
        measure=Measure("sum", "limit_cents", account_how="max"),
        accounts=lambda accounts: accounts.account_status.isin(_LIVE),
    )
)

PERMANENT_LIMIT = features.register(
    Feature(
        name="limit_permanent_cents",
        title=Text("固定信用额度", "Permanent credit limit"),
        meaning=Text(
            "未销户信用账户固定额度之和，不含临时额度；无额度为空",
            "Permanent limits over open accounts, whatever temporary one is in force; empty without a limit",
        ),
        unit="cents",
        table="limit_event",
        measure=Measure("sum", "limit_cents", account_how="max"),
        where=lambda rows: rows["kind"] == "permanent",
        accounts=lambda accounts: accounts.account_status.isin(_LIVE),
    )
)
