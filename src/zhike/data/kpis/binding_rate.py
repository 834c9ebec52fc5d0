"""Binding rates: how many of the activated cards are bound to a wallet in time."""

from zhike.core.text import Text
from zhike.data.activated_cards import COHORT_DAYS, population, within
from zhike.data.cards import step_is_known
from zhike.data.kpis import Kpi, kpis

for _days in (30, 60):
    kpis.register(
        Kpi(
            name=f"binding_rate_{_days}d",
            title=Text(f"{_days}天绑卡率", f"Binding rate, {_days} days"),
            meaning=Text(
                f"激活后{_days}天内首次绑定支付钱包的比例；没有绑卡记录的来源为空",
                f"Bound to a first wallet within {_days} days of activation; empty where no binding is recorded",
            ),
            formula=Text(
                f"激活后{_days}天内绑卡的卡 ÷ 该批次激活的卡",
                f"Bound within {_days} days of activation ÷ activated in the cohort",
            ),
            population=population(_days),
            unit="ratio",
            direction="up",
            owner="product",
            kind="flow",
            area="cards",
            rows=within(_days, "bound_on"),
            quotient=True,
            known=lambda facts: step_is_known(facts, "bound"),
            period_days=COHORT_DAYS,
            period_ends_days_before=_days,
        )
    )
