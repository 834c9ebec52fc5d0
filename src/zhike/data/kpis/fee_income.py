"""Fee income (中间业务收入)."""

import ibis

from zhike.core.text import Text
from zhike.data.asof import Facts
from zhike.data.economics import Interchange
from zhike.data.kpis import Kpi, Period, kpis, stacked
from zhike.data.rows import charged, net_spend, postings_are_told, spends

FEES = ("annual_fee", "cash_advance_fee", "service_fee", "waiver")
_BP = 10_000


def _rows(facts: Facts, period: Period) -> ibis.Table:
    moved, posted, at = facts("transaction"), facts("posting"), Interchange()
    spent = moved.filter(period.holds(moved.business_date), spends(moved), moved.card_id.notnull())
    fees = posted.filter(period.holds(posted.business_date), posted.kind.isin(FEES))
    return stacked(
        spent.select("account_id", part=net_spend(spent) * (at.interchange_bp - at.network_bp)),
        fees.select("account_id", part=charged(fees) * _BP),
    )


kpis.register(
    Kpi(
        name="fee_income_30d",
        title=Text("近30天中间业务收入", "Fee income, 30 days"),
        meaning=Text(
            "回佣减网络费按假设费率计；年费、取现和服务收费扣除减免；违约金、利息和分期利息不计入。没有收费入账的来源为空；没有来源提供转介收入",
            "Interchange less network fees at assumed rates, fees net of waivers; late fees, interest and instalment "
            "interest are not in it. Empty where no fee is posted; no source tells referral income",
        ),
        formula=Text(
            "（回佣 − 网络费）+ 年费 + 取现手续费 + 服务费 − 减免",
            "(Interchange − network fee) + annual + cash-advance + service fees − waivers",
        ),
        population=Text("刷卡消费与收费入账", "Purchases by card, and postings of fees"),
        unit="cents",
        direction="up",
        owner="finance",
        kind="flow",
        area="income",
        rows=_rows,
        per=_BP,
        known=lambda facts: postings_are_told(facts("posting"), *FEES),
        period_days=30,
        assumptions=Interchange(),
    )
)
