"""Assets held as deposits."""

from zhike.core.text import Text
from zhike.data.feature import Derived
from zhike.data.features import features

DEPOSITS_TOTAL = features.register(
    Derived(
        name="deposits_cents",
        title=Text("存款余额", "Deposits"),
        meaning=Text(
            "流水余额优先，否则对账单余额；都没有为空",
            "By ledger where movements carry balances, else by statement; empty without both",
        ),
        unit="cents",
        type="int64",
        needs=("ledger_deposits_cents", "statement_deposits_cents"),
        expression=lambda view, as_of: view.ledger_deposits_cents.coalesce(view.statement_deposits_cents),
    )
)
