"""First-contact resolution."""

from dataclasses import dataclass
from datetime import timedelta

import ibis

from zhike.core.text import Text
from zhike.data.asof import Facts
from zhike.data.assumption import assumption
from zhike.data.kpis import Kpi, Period, kpis


@dataclass(frozen=True)
class Quiet:
    """How long a matter must rest to count as settled."""

    days: int = assumption(
        7, "days", Text("几天内不再为同一事项联系", "No second contact about it within"), owner="consumer protection",
        origin="convention of the trade",
    )  # fmt: skip


QUIET = Quiet()


def _rows(facts: Facts, period: Period) -> ibis.Table:
    told = facts("interaction")
    asked = told.filter(told.purpose == "service", told.contact_direction == "inbound")
    order = [asked.business_date, asked.event_at, asked.interaction_id]
    window = ibis.window(group_by=["party_id", "topic"], order_by=order)
    rows = asked.mutate(next_on=asked.business_date.lead().over(window))
    rows = rows.filter(period.holds(rows.business_date))
    again = rows.next_on <= rows.business_date + timedelta(days=QUIET.days)
    return rows.select("party_id", "channel", part=(~again.fill_null(False)).cast("int64"), whole=1)


kpis.register(
    Kpi(
        name="first_contact_resolution_30d",
        title=Text("首次联系解决率", "First-contact resolution"),
        meaning=Text(
            "客户主动的服务联系之后7天内没有再为同一事项联系的比例",
            "Inbound service contacts after which the customer did not come back on the topic within 7 days",
        ),
        formula=Text(
            "7天内无同一事项再次联系 ÷ 客户主动的服务联系", "Without a second contact on the topic in 7 days ÷ contacts"
        ),
        population=Text("客户主动的服务联系", "Inbound service contacts"),
        unit="ratio",
        direction="up",
        owner="consumer protection",
        kind="flow",
        area="service",
        rows=_rows,
        quotient=True,
        period_days=30,
        period_ends_days_before=QUIET.days,
        assumptions=QUIET,
    )
)
