"""Active rates of customers."""

import ibis

from zhike.core.clock import months_before
from zhike.core.text import Text
from zhike.data.asof import Facts
from zhike.data.holders import telling_accounts, used
from zhike.data.kpis import Kpi, Period, Rows, kpis
from zhike.data.rows import use_is_told


def _over(months: int) -> Rows:
    def rows(facts: Facts, _period: Period) -> ibis.Table:
        customer = used(telling_accounts(facts), facts, months_before(facts.as_of, months))
        return customer.select("party_id", part=customer.used, whole=1)

    return rows


for _months in (1, 3, 6, 12):
    _en = "1 month" if _months == 1 else f"{_months} months"
    kpis.register(
        Kpi(
            name=f"active_customer_rate_{_months}m",
            title=Text(f"近{_months}个月活跃客户率", f"Active rate of customers, {_en}"),
            meaning=Text(
                f"近{_months}个月有主动交易的客户占比；有信用账户的只看信用账户，否则看全部账户",
                f"Customers with a transaction of their own in the last {_en}: on credit accounts, of who "
                "holds none on any account",
            ),
            formula=Text(
                f"近{_months}个月有 ≥ 1 笔主动入账交易的客户 ÷ 持有未销户账户的客户",
                f"Customers with ≥ 1 customer-initiated posted transaction in the last {_en} ÷ customers",
            ),
            population=Text("未销户账户的主持有人", "Main holders of an open account"),
            unit="ratio",
            direction="up",
            owner="product",
            kind="stock",
            area="customers",
            rows=_over(_months),
            quotient=True,
            known=lambda facts: use_is_told(facts("transaction")),
        )
    )
