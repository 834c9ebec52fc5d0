"""Activation rate within 30 days of issue."""

from datetime import timedelta

import ibis
import ibis.expr.types as ir

from zhike.core.text import Text
from zhike.data.asof import Facts
from zhike.data.cards import cards
from zhike.data.kpis import Kpi, known_if, kpis, ratio

WITHIN_DAYS = 30
COHORT_DAYS = 90


def _value(facts: Facts, _view: ibis.Table) -> ir.Scalar:
    rows = cards(facts)
    end = facts.as_of - timedelta(days=WITHIN_DAYS)
    cohort = (rows.issued_on > end - timedelta(days=COHORT_DAYS)) & (rows.issued_on <= end)
    in_time = rows.activated_on.delta(rows.issued_on, unit="day") <= WITHIN_DAYS
    share = ratio(rows.count(where=cohort & in_time), rows.count(where=cohort))
    return known_if(rows.activated_on.max().notnull(), share)


kpis.register(
    Kpi(
        name="activation_rate_30d",
        title=Text("30天激活率", "Activation rate, 30 days"),
        meaning=Text(
            "最近一个已满30天的90天发卡批次；没有激活记录的来源为空",
            "Of the cards issued in the newest 90 days that are 30 days past; empty where no activation is recorded",
        ),
        formula=Text("发卡后30天内激活的卡 ÷ 该批次发卡", "Activated within 30 days of issue ÷ issued in the cohort"),
        population=Text("发卡满30天的90天批次，含已销卡", "Cards issued 30 to 119 days ago, since closed ones too"),
        unit="ratio",
        direction="up",
        owner="product",
        kind="flow",
        expression=_value,
        period_days=COHORT_DAYS,
        period_ends_days_before=WITHIN_DAYS,
    )
)
