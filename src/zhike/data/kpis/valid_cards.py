"""Valid cards."""

import ibis
import ibis.expr.types as ir

from zhike.core.text import Text
from zhike.data.asof import Facts
from zhike.data.cards import cards, valid
from zhike.data.kpis import Kpi, kpis


def _value(facts: Facts, _view: ibis.Table) -> ir.Scalar:
    rows = cards(facts)
    return rows.count(where=valid(rows)).nullif(0)


kpis.register(
    Kpi(
        name="valid_cards",
        title=Text("有效卡量", "Valid cards"),
        meaning=Text(
            "未注销、未换卡且账户未销户的卡片数；没有卡为空", "Cards that can be used; empty where there are none"
        ),
        formula=Text(
            "已发卡 − 已注销或换卡 − 账户已销户或核销",
            "Issued − closed or replaced − on a closed or charged-off account",
        ),
        population=Text("全部卡片", "All cards"),
        unit="count",
        direction="up",
        owner="product",
        kind="stock",
        expression=_value,
    )
)
