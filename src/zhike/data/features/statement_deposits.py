"""Deposits, by statement."""

from zhike.core.text import Text
from zhike.data.feature import Feature, Measure
from zhike.data.features import features

STATEMENT_DEPOSITS = features.register(
    Feature(
        name="statement_deposits_cents",
        title=Text("存款余额（对账单）", "Deposits by statement"),
        meaning=Text(
            "存款账户最近一期对账单余额之和；无对账单为空",
            "Balance of the newest statements of deposit accounts; empty without one",
        ),
        unit="cents",
        table="statement",
        measure=Measure("sum", "balance_cents"),
        newest_per_account=True,
        theme="assets",
        accounts=lambda accounts: accounts.account_kind == "deposit",
    )
)
