"""Complaints per million accounts."""

import ibis

from zhike.core.text import Text
from zhike.data.asof import Facts
from zhike.data.dialogue import complaints
from zhike.data.holders import open_holdings
from zhike.data.kpis import Kpi, Period, kpis, stacked

MILLION = 1_000_000


def _rows(facts: Facts, period: Period) -> ibis.Table:
    told = complaints(facts)
    return stacked(
        told.filter(period.holds(told.received_on)).select("party_id", part=MILLION, whole=0),
        open_holdings(facts).select("party_id", part=0, whole=1),
    )


kpis.register(
    Kpi(
        name="complaints_per_million_30d",
        title=Text("百万账户投诉量，近30天", "Complaints per million accounts, 30 days"),
        meaning=Text(
            "期内首次受理的投诉，重复提出的同一投诉只计一次；没有投诉记录的来源为空",
            "Complaints first received in the period, each once however often it was raised; empty where none is told",
        ),
        formula=Text("受理的投诉 × 100万 ÷ 未销户账户", "Complaints received × 1,000,000 ÷ open accounts"),
        population=Text("有主持有人的未销户账户", "Open accounts with a main holder"),
        unit="number",
        direction="down",
        owner="consumer protection",
        kind="flow",
        area="service",
        rows=_rows,
        quotient=True,
        known=lambda facts: facts("complaint").count() > 0,
        period_days=30,
    )
)
