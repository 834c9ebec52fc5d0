"""Assets under management, as far as the sources tell them: deposits."""

import ibis

from zhike.core.text import Text
from zhike.data.asof import Facts
from zhike.data.balances import deposits
from zhike.data.kpis import Kpi, Period, kpis


def _rows(facts: Facts, _period: Period) -> ibis.Table:
    held = deposits(facts)
    return held.select("account_id", part=held.balance_cents)


kpis.register(
    Kpi(
        name="assets_under_management",
        title=Text("管理资产", "Assets under management"),
        meaning=Text(
            "存款账户最近余额之和（流水优先，否则对账单）；来源没有理财与基金持仓，不计",
            "Newest balances of deposit accounts, by ledger, else by statement; no source tells funds",
        ),
        formula=Text("Σ 存款余额", "Σ deposits"),
        population=Text("存款账户", "Deposit accounts"),
        unit="cents",
        direction="up",
        owner="product",
        kind="stock",
        area="customers",
        rows=_rows,
    )
)
