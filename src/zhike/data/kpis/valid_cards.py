"""Valid cards."""

import ibis

from zhike.core.text import Text
from zhike.data.asof import Facts
from zhike.data.cards import cards, valid
from zhike.data.kpis import Kpi, Period, kpis


def _rows(facts: Facts, _period: Period) -> ibis.Table:
    card = cards(facts)
    return card.filter(valid(card)).select("account_id", "party_id", "product_code", part=1)


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
        area="cards",
        rows=_rows,
        tile=1,
    )
)
