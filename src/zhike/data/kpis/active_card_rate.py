"""Active rate of cards over three months."""

import ibis
import ibis.expr.types as ir

from zhike.core.clock import months_before
from zhike.core.text import Text
from zhike.data.asof import Facts
from zhike.data.cards import cards, valid
from zhike.data.kpis import Kpi, known_if, kpis, ratio


def _value(facts: Facts, _view: ibis.Table) -> ir.Scalar:
    rows = cards(facts)
    used = rows.last_used_on > months_before(facts.as_of, 3)
    share = ratio(rows.count(where=valid(rows) & used), rows.count(where=valid(rows)))
    return known_if(rows.last_used_on.max().notnull(), share)


kpis.register(
    Kpi(
        name="active_card_rate",
        title=Text("活卡率", "Active rate"),
        meaning=Text(
            "近3个月有主动交易的卡占有效卡；没有卡、或交易中无卡号时为空",
            "Valid cards used in the last 3 months; empty without cards or where transactions name none",
        ),
        formula=Text(
            "近3个月有 ≥ 1 笔主动入账交易的有效卡 ÷ 有效卡",
            "Valid cards with ≥ 1 customer-initiated posted transaction in the last 3 months ÷ valid cards",
        ),
        population=Text("有效卡", "Valid cards"),
        unit="ratio",
        direction="up",
        owner="product",
        kind="stock",
        expression=_value,
    )
)
