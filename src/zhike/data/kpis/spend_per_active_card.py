"""Spend per active card."""

import ibis

from zhike.core.text import Text
from zhike.data.asof import Facts
from zhike.data.cards import use_is_known
from zhike.data.kpis import Kpi, Period, kpis
from zhike.data.rows import customer_initiated, net_spend


def _rows(facts: Facts, period: Period) -> ibis.Table:
    moved, card = facts("transaction"), facts("card")
    made = moved.filter(period.holds(moved.business_date), moved.card_id.notnull())
    used = made.group_by("card_id").aggregate(
        part=net_spend(made).sum().cast("int64"), whole=customer_initiated(made).cast("int64").max()
    )
    return used.join(card, "card_id").select("account_id", "party_id", "product_code", "part", "whole")


kpis.register(
    Kpi(
        name="spend_per_active_card_30d",
        title=Text("近30天卡均消费", "Spend per active card, 30 days"),
        meaning=Text(
            "期内有主动交易的卡的平均消费；交易中无卡号时为空",
            "Of the cards that were used in the period; empty where transactions name no card",
        ),
        formula=Text(
            "（入账消费 − 退货）÷ 期内有主动交易的卡",
            "(Posted purchases − refunds) ÷ cards with a customer-initiated transaction in the period",
        ),
        population=Text("期内有交易的卡", "Cards that moved in the period"),
        unit="cents",
        direction="up",
        owner="product",
        kind="flow",
        area="spend",
        rows=_rows,
        quotient=True,
        known=use_is_known,
        period_days=30,
    )
)
