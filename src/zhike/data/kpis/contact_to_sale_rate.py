"""Contact to sale."""

import ibis

from zhike.core.text import Text
from zhike.data.asof import Facts
from zhike.data.dialogue import ANSWER_DAYS, answered, selling_contacts
from zhike.data.kpis import Kpi, Period, kpis


def _rows(facts: Facts, period: Period) -> ibis.Table:
    contacts = selling_contacts(facts, period)
    rows = answered(contacts.filter(~contacts.failed), facts, "accepted")
    return rows.select("party_id", "channel", part=rows.answered, whole=1)


kpis.register(
    Kpi(
        name="contact_to_sale_rate_30d",
        title=Text("触达成交率", "Contact to sale rate"),
        meaning=Text(
            "营销触达后30天内客户接受了某个优惠或产品的比例；没有回应记录的来源为空",
            "Marketing contacts after which the customer accepted an offer within 30 days; empty without answers",
        ),
        formula=Text(
            "30天内成交的营销触达 ÷ 送出的营销触达", "Contacts with an acceptance within 30 days ÷ contacts made"
        ),
        population=Text("银行发起并送出的营销触达", "Outbound marketing contacts that went out"),
        unit="ratio",
        direction="up",
        owner="marketing",
        kind="flow",
        area="marketing",
        rows=_rows,
        quotient=True,
        known=lambda facts: facts("offer_response").count() > 0,
        period_days=30,
        period_ends_days_before=ANSWER_DAYS,
    )
)
