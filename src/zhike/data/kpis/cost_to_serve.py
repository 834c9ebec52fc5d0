"""Cost to serve."""

import ibis

from zhike.core.text import Text
from zhike.data.asof import Facts
from zhike.data.economics import Contacts
from zhike.data.holders import customers
from zhike.data.kpis import Kpi, Period, kpis, stacked

AT = Contacts()


def _rows(facts: Facts, period: Period) -> ibis.Table:
    told, benefits = facts("interaction"), facts("benefit_use")
    made = told.filter(period.holds(told.business_date), told.outcome.fill_null("sent") != "planned")
    prices = {"phone": AT.phone_cents, "branch": AT.branch_cents, "mail": AT.mail_cents, "sms": AT.sms_cents}
    cost = ibis.cases(*((made.channel == channel, cents) for channel, cents in prices.items()), else_=0)
    used = benefits.filter(period.holds(benefits.business_date))
    return stacked(
        made.select("party_id", part=cost.cast("int64"), whole=0),
        used.select("party_id", part=used.cost_cents.fill_null(0), whole=0),
        customers(facts).select("party_id", part=0, whole=1),
    )


kpis.register(
    Kpi(
        name="cost_to_serve_30d",
        title=Text("近30天户均服务成本", "Cost to serve a customer, 30 days"),
        meaning=Text(
            "各渠道联系（按假设单价）与权益使用的成本；没有联系记录的来源为空",
            "Contacts at assumed prices by channel, both ways, and benefits used; empty where no contact is told",
        ),
        formula=Text("（Σ 联系 × 单价 + Σ 权益成本）÷ 客户数", "(Σ contacts × price + Σ cost of benefits) ÷ customers"),
        population=Text("未销户账户的主持有人", "Main holders of an open account"),
        unit="cents",
        direction="down",
        owner="finance",
        kind="flow",
        area="marketing",
        rows=_rows,
        quotient=True,
        known=lambda facts: facts("interaction").count() > 0,
        period_days=30,
        assumptions=AT,
    )
)
