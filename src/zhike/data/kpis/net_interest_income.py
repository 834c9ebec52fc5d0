"""Net interest income."""

import ibis

from zhike.core.text import Text
from zhike.data.asof import Facts
from zhike.data.balances import receivables, receivables_at
from zhike.data.economics import YEAR_DAYS, Funding
from zhike.data.kpis import Kpi, Period, kpis, stacked
from zhike.data.rows import charged, postings_are_told

INTEREST = ("interest", "instalment_interest", "penalty_interest")
# Basis points of a year, of the mean of two balances.
_PER = 10_000 * YEAR_DAYS * 2


def _rows(facts: Facts, period: Period) -> ibis.Table:
    posted = facts("posting")
    earned = posted.filter(period.holds(posted.business_date), posted.kind.isin(INTEREST))
    cost = Funding().funding_bp * period.days
    return stacked(
        earned.select("account_id", part=charged(earned) * _PER),
        *(
            owed.select("account_id", part=owed.balance_cents * -cost)
            for owed in (receivables_at(facts, period.before), receivables(facts))
        ),
    )


kpis.register(
    Kpi(
        name="net_interest_income_30d",
        title=Text("近30天净利息收入", "Net interest income, 30 days"),
        meaning=Text(
            "信用账户利息、分期利息与罚息，减按假设年率计的资金成本（期初与期末应收的平均）；没有利息入账的来源为空",
            "Interest, instalment interest and penalty interest, less funding at an assumed rate on the mean of the "
            "receivables at both ends; empty where no interest is posted",
        ),
        formula=Text(
            "利息 + 分期利息 + 罚息 − 资金成本", "Interest on revolving and instalment balances − funding cost"
        ),
        population=Text(
            "全部账户的利息入账；未核销信用账户的应收", "Postings of interest; receivables of credit accounts"
        ),
        unit="cents",
        direction="up",
        owner="finance",
        kind="flow",
        area="income",
        rows=_rows,
        per=_PER,
        known=lambda facts: postings_are_told(facts("posting"), *INTEREST),
        period_days=30,
        assumptions=Funding(),
    )
)
