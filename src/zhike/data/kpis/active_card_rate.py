"""Active rates of cards."""

import ibis

from zhike.core.clock import months_before
from zhike.core.text import Text
from zhike.data.asof import Facts
from zhike.data.cards import cards, use_is_known, valid, with_use
from zhike.data.kpis import Kpi, Period, Rows, kpis


def _over(months: int) -> Rows:
    def rows(facts: Facts, _period: Period) -> ibis.Table:
        card = with_use(cards(facts), facts)
        used = card.last_used_on > months_before(facts.as_of, months)
        return card.filter(valid(card)).select(
            "account_id", "party_id", "product_code", part=used.fill_null(False).cast("int64"), whole=1
        )

    return rows


for _months in (1, 3, 6, 12):
    _en = "1 month" if _months == 1 else f"{_months} months"
    kpis.register(
        Kpi(
            name=f"active_card_rate_{_months}m",
            title=Text(f"近{_months}个月活卡率", f"Active rate of cards, {_en}"),
            meaning=Text(
                f"近{_months}个月有主动交易的卡占有效卡；没有卡、或交易中无卡号时为空",
                f"Valid cards used in the last {_en}; empty without cards or where transactions name none",
            ),
            formula=Text(
                f"近{_months}个月有 ≥ 1 笔主动入账交易的有效卡 ÷ 有效卡",
                f"Valid cards with ≥ 1 customer-initiated posted transaction in the last {_en} ÷ valid cards",
            ),
            population=Text("有效卡", "Valid cards"),
            unit="ratio",
            direction="up",
            owner="product",
            kind="stock",
            area="cards",
            rows=_over(_months),
            quotient=True,
            known=use_is_known,
            tile=2 if _months == 3 else 0,
        )
    )
