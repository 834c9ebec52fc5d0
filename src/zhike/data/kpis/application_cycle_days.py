"""How long applications take."""

import ibis

from zhike.core.text import Text
from zhike.data.asof import Facts
from zhike.data.dialogue import days_between
from zhike.data.kpis import Kpi, Period, kpis


def _rows(facts: Facts, period: Period) -> ibis.Table:
    """An ending belongs to the newest application of the customer for the product: steps name no common number."""
    told = facts("application")
    order = [told.business_date, ibis.ifelse(told.outcome == "received", 0, 1), told.application_id]
    until_now = ibis.window(group_by=["party_id", "product_code"], order_by=order, preceding=None, following=0)
    came = ibis.ifelse(told.outcome == "received", told.business_date, ibis.null("date"))
    rows = told.mutate(received_on=came.max().over(until_now))
    ended = rows.filter(rows.outcome != "received", rows.received_on.notnull(), period.holds(rows.business_date))
    return ended.select(
        "party_id", "product_code", "channel", part=days_between(ended.business_date, ended.received_on), whole=1
    )


kpis.register(
    Kpi(
        name="application_cycle_days_90d",
        title=Text("申请办理周期", "Application cycle time"),
        meaning=Text(
            "期内批准、拒绝或撤回的申请，从受理算起的平均天数；没有申请记录的来源为空",
            "Mean days from receipt to approval, refusal or withdrawal, by the day of the ending; empty where no "
            "application is told",
        ),
        formula=Text("Σ（结果日 − 受理日）÷ 有结果的申请", "Σ (ended − received) ÷ applications ended"),
        population=Text("期内有结果的申请", "Applications that ended in the period"),
        unit="days",
        direction="down",
        owner="product",
        kind="flow",
        area="service",
        rows=_rows,
        quotient=True,
        period_days=90,
    )
)
