"""New cards: the flow beside the stock of valid cards."""

import ibis

from zhike.core.text import Text
from zhike.data.asof import Facts
from zhike.data.cards import cards
from zhike.data.kpis import Kpi, Period, kpis


def _rows(facts: Facts, period: Period) -> ibis.Table:
    card = cards(facts)
    return card.filter(period.holds(card.issued_on)).select("account_id", "party_id", "product_code", part=1)


kpis.register(
    Kpi(
        name="cards_issued_30d",
        title=Text("近30天新发卡", "Cards issued, 30 days"),
        meaning=Text(
            "新增卡量，与存量有效卡分开；没有卡为空", "The flow beside the stock of valid cards; empty without cards"
        ),
        formula=Text("发卡日在期内的卡", "Cards with their day of issue in the period"),
        population=Text("全部卡片", "All cards"),
        unit="count",
        direction="up",
        owner="product",
        kind="flow",
        area="cards",
        rows=_rows,
        known=lambda facts: facts("card").count() > 0,
        period_days=30,
    )
)
