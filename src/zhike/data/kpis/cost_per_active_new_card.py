"""Cost per active new card."""

from datetime import timedelta

import ibis

from zhike.core.text import Text
from zhike.data.asof import Facts
from zhike.data.cards import cards, use_is_known, with_use
from zhike.data.economics import Acquisition
from zhike.data.kpis import Kpi, Period, kpis

AT = Acquisition()


def _rows(facts: Facts, period: Period) -> ibis.Table:
    card = cards(facts)
    cohort = with_use(card.filter(period.holds(card.issued_on)), facts)
    active = cohort.first_used_on <= cohort.issued_on + timedelta(days=AT.active_days)
    return cohort.select(
        "account_id", "party_id", "product_code", part=AT.card_cents, whole=active.fill_null(False).cast("int64")
    )


kpis.register(
    Kpi(
        name="cost_per_active_new_card",
        title=Text("活跃新卡成本", "Cost per active new card"),
        meaning=Text(
            "发卡批次的获客与制卡成本（按假设单价）分摊到90天内用过的新卡；交易中无卡号时为空",
            "What winning and making the cards of the cohort cost at an assumed price, on those used within 90 days; "
            "empty where transactions name no card",
        ),
        formula=Text(
            "发卡数 × 单卡成本 ÷ 90天内用过的新卡", "Cards issued × cost of a card ÷ cards used within 90 days"
        ),
        population=Text("发卡满90天的90天批次", "Cards issued in the 90 days that ended 90 days ago"),
        unit="cents",
        direction="down",
        owner="marketing",
        kind="flow",
        area="marketing",
        rows=_rows,
        quotient=True,
        known=use_is_known,
        period_days=90,
        period_ends_days_before=AT.active_days,
        assumptions=AT,
    )
)
