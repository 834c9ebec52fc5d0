"""Deposits, by the newest known balance."""

from zhike.core.text import Text
from zhike.data.feature import Feature, Measure
from zhike.data.features import features

DEPOSITS = features.register(
    Feature(
        name="ledger_deposits_cents",
        title=Text("存款余额（流水）", "Deposits by ledger"),
        meaning=Text(
            "存款账户最近一笔流水后的余额之和；流水无余额为空",
            "Balance after the newest movement of deposit accounts; empty where movements carry none",
        ),
        unit="cents",
        table="ledger",
        measure=Measure("sum", "balance_after_cents"),
        newest_per_account=True,
        accounts=lambda accounts: accounts.account_kind == "deposit",
    )
)
