"""How deposits moved in a quarter: falling balances are an early warning."""

from zhike.core.text import Text
from zhike.data.feature import Derived, Feature, Measure
from zhike.data.features import features
from zhike.data.ratio import ratio

for _name, _table, _column, _zh, _en in (
    ("ledger_deposits_90d_ago_cents", "ledger_quarter_ago", "balance_after_cents", "流水", "ledger"),
    ("statement_deposits_90d_ago_cents", "statement_quarter_ago", "balance_cents", "对账单", "statement"),
):
    features.register(
        Feature(
            name=_name,
            title=Text(f"90天前存款余额（{_zh}）", f"Deposits 90 days ago, by {_en}"),
            meaning=Text("90天前的存款余额，按当时所知", "Balance of deposit accounts 90 days ago, as known then"),
            unit="cents",
            table=_table,
            measure=Measure("sum", _column),
            newest_per_account=True,
            accounts=lambda accounts: accounts.account_kind == "deposit",
            theme="assets",
        )
    )
features.register(
    Derived(
        name="deposits_90d_ago_cents",
        title=Text("90天前存款余额", "Deposits 90 days ago"),
        meaning=Text(
            "90天前：流水余额优先，否则对账单余额；都没有为空",
            "90 days ago: by ledger where movements carry balances, else by statement; empty without both",
        ),
        unit="cents",
        type="int64",
        needs=("ledger_deposits_90d_ago_cents", "statement_deposits_90d_ago_cents"),
        expression=lambda view, as_of: view.ledger_deposits_90d_ago_cents.coalesce(
            view.statement_deposits_90d_ago_cents
        ),
    )
)
features.register(
    Derived(
        name="deposits_trend",
        title=Text("存款趋势", "Deposits trend"),
        meaning=Text(
            "存款余额 ÷ 90天前存款余额；当时无存款为空", "Deposits over those of 90 days ago; empty without the latter"
        ),
        unit="ratio",
        type="float64",
        needs=("deposits_cents", "deposits_90d_ago_cents"),
        expression=lambda view, as_of: ratio(view.deposits_cents, view.deposits_90d_ago_cents),
    )
)
