"""Activation rates: how many of the cards that reached their holders are activated in time."""

from datetime import timedelta

import ibis

from zhike.core.text import Text
from zhike.data.asof import Facts
from zhike.data.cards import cards, step_is_known
from zhike.data.kpis import Kpi, Period, Rows, kpis

COHORT_DAYS = 90


def _within(days: int) -> Rows:
    def rows(facts: Facts, period: Period) -> ibis.Table:
        card = cards(facts)
        began = card.delivered_on.coalesce(card.issued_on)
        cohort = card.filter(period.holds(began))
        in_time = cohort.activated_on <= cohort.delivered_on.coalesce(cohort.issued_on) + timedelta(days=days)
        return cohort.select(
            "account_id", "party_id", "product_code", part=in_time.fill_null(False).cast("int64"), whole=1
        )

    return rows


for _days in (30, 60, 90):
    kpis.register(
        Kpi(
            name=f"activation_rate_{_days}d",
            title=Text(f"{_days}天激活率", f"Activation rate, {_days} days"),
            meaning=Text(
                f"送达（无送达记录的按发卡）后{_days}天内激活的比例；没有激活记录的来源为空",
                f"Activated within {_days} days of delivery (of issue where no delivery is told); empty where no "
                "activation is recorded",
            ),
            formula=Text(
                f"送达或发卡后{_days}天内激活的卡 ÷ 该批次的卡",
                f"Activated within {_days} days of delivery or issue ÷ cards of the cohort",
            ),
            population=Text(
                f"送达或发卡满{_days}天的{COHORT_DAYS}天批次，含已销卡",
                f"Cards of {COHORT_DAYS} days that were delivered or issued {_days} days ago, since closed ones too",
            ),
            unit="ratio",
            direction="up",
            owner="product",
            kind="flow",
            area="cards",
            rows=_within(_days),
            quotient=True,
            known=lambda facts: step_is_known(facts, "activated"),
            period_days=COHORT_DAYS,
            period_ends_days_before=_days,
            tile=3 if _days == 30 else 0,
        )
    )
