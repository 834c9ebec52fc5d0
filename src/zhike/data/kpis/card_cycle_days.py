"""How long cards take: from approval to issue, from issue to delivery."""

import ibis

from zhike.core.text import Text
from zhike.data.asof import Facts
from zhike.data.cards import cards
from zhike.data.dialogue import days_between
from zhike.data.kpis import Kpi, Period, Rows, kpis

_CYCLES = {
    "issue": ("approved", "issued", Text("发卡周期", "Issue cycle time"), Text("批准至发卡", "from approval to issue")),
    "delivery": (
        "issued",
        "delivered",
        Text("送达周期", "Delivery cycle time"),
        Text("发卡至送达", "from issue to delivery"),
    ),
}


def _from(first: str, last: str) -> Rows:
    def rows(facts: Facts, period: Period) -> ibis.Table:
        steps, card = facts("card_event"), cards(facts).select("card_id", "account_id", "party_id", "product_code")
        lives = steps.group_by("card_id").aggregate(
            began=steps.business_date.min(where=steps.kind == first),
            ended=steps.business_date.min(where=steps.kind == last),
        )
        taken = lives.filter(lives.began.notnull(), period.holds(lives.ended)).join(card, "card_id")
        return taken.select(
            "account_id", "party_id", "product_code", part=days_between(taken.ended, taken.began), whole=1
        )

    return rows


for _name, (_first, _last, _title, _way) in _CYCLES.items():
    kpis.register(
        Kpi(
            name=f"{_name}_cycle_days_90d",
            title=_title,
            meaning=Text(
                f"{_way.zh}的平均天数，按期内走完的卡计；没有这些步骤的来源为空",
                f"Mean days {_way.en}, of cards that got there in the period; empty where the steps are not told",
            ),
            formula=Text(f"Σ {_way.zh}天数 ÷ 卡数", f"Σ days {_way.en} ÷ cards"),
            population=Text("期内走到这一步的卡", "Cards that reached the step in the period"),
            unit="days",
            direction="down",
            owner="product",
            kind="flow",
            area="service",
            rows=_from(_first, _last),
            quotient=True,
            period_days=90,
        )
    )
