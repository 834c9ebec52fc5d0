"""Churn: accounts lost to their holders, to the bank, to charge-off: three numbers."""

from dataclasses import replace

import ibis

from zhike.core.text import Text
from zhike.data.asof import Facts
from zhike.data.kpis import Kpi, Period, Rows, kpis

_BY = {
    "customer": (Text("客户主动销户率", "Churn by customers"), Text("客户销户", "closed by the customer")),
    "bank": (Text("银行销户率", "Churn by the bank"), Text("银行销户", "closed by the bank")),
    "charge_off": (Text("核销流失率", "Churn by charge-off"), Text("核销", "charged off")),
}


def _closed(by: str) -> Rows:
    def rows(facts: Facts, period: Period) -> ibis.Table:
        then, now = replace(facts, as_of=period.before)("account"), facts("account")
        stood = then.filter(then.kind == "credit", then.status.isin(["open", "frozen"])).select("account_id")
        ended = now.filter(now.status.isin(["closed", "charged_off"]), now.closed_by == by)
        held = stood.left_join(ended.select("account_id", lost=ibis.literal(1, "int64")), "account_id")
        return held.select("account_id", part=held.lost.fill_null(0), whole=1)

    return rows


for _by, (_title, _word) in _BY.items():
    kpis.register(
        Kpi(
            name=f"churn_rate_{_by}_30d",
            title=Text(f"近30天{_title.zh}", f"{_title.en}, 30 days"),
            meaning=Text(
                "流失分三个数：客户销户、银行销户、核销；静默流失另计",
                "One of three numbers: closed by the customer, by the bank, charged off; silent loss is told apart",
            ),
            formula=Text(
                f"期初未销户、期末已{_word.zh}的账户 ÷ 期初未销户账户",
                f"Open at the start and {_word.en} by the end ÷ open at the start",
            ),
            population=Text("期初未销户的信用账户", "Credit accounts open at the start of the period"),
            unit="ratio",
            direction="down",
            owner="risk" if _by == "charge_off" else "product",
            kind="flow",
            area="customers",
            rows=_closed(_by),
            quotient=True,
            period_days=30,
        )
    )
