"""Wasted contacts."""

import ibis

from zhike.core.text import Text
from zhike.data.asof import Facts
from zhike.data.dialogue import ANSWER_DAYS, answered, selling_contacts
from zhike.data.kpis import Kpi, Period, kpis


def _rows(facts: Facts, period: Period) -> ibis.Table:
    rows = answered(selling_contacts(facts, period), facts, "accepted", "clicked", "opened")
    wasted = rows.failed | (rows.answered == 0)
    return rows.select("party_id", "channel", part=wasted.cast("int64"), whole=1)


kpis.register(
    Kpi(
        name="wasted_contacts_30d",
        title=Text("无效触达率", "Wasted contacts"),
        meaning=Text(
            "没有送达、或之后30天内既未打开、点击也未接受的营销触达；没有回应记录的来源为空",
            "Marketing contacts that failed, or were neither opened, clicked nor accepted within 30 days; empty where "
            "no answer is told",
        ),
        formula=Text("失败或无回应的营销触达 ÷ 营销触达", "Failed or without an answer within 30 days ÷ contacts"),
        population=Text("银行发起的营销触达，含失败的", "Outbound marketing contacts, failed ones too"),
        unit="ratio",
        direction="down",
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
