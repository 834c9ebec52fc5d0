"""Third-use rates: how many of the activated cards are used three times in time."""

from zhike.core.text import Text
from zhike.data.activated_cards import COHORT_DAYS, population, within
from zhike.data.cards import use_is_known, with_third_use
from zhike.data.kpis import Kpi, kpis

for _days in (30, 60):
    kpis.register(
        Kpi(
            name=f"third_use_rate_{_days}d",
            title=Text(f"{_days}天三刷率", f"Third-use rate, {_days} days"),
            meaning=Text(
                f"激活后{_days}天内有第三笔主动交易的比例；交易中无卡号时为空",
                f"Third customer-initiated transaction within {_days} days of activation; empty where transactions "
                "name no card",
            ),
            formula=Text(
                f"激活后{_days}天内满三笔的卡 ÷ 该批次激活的卡",
                f"Used a third time within {_days} days of activation ÷ activated in the cohort",
            ),
            population=population(_days),
            unit="ratio",
            direction="up",
            owner="product",
            kind="flow",
            area="cards",
            rows=within(_days, "third_used_on", with_third_use),
            quotient=True,
            known=use_is_known,
            period_days=COHORT_DAYS,
            period_ends_days_before=_days,
        )
    )
