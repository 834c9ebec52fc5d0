"""Products per customer."""

import ibis

from zhike.core.text import Text
from zhike.data.asof import Facts
from zhike.data.holders import customers, open_holdings
from zhike.data.kpis import Kpi, Period, kpis, stacked


def _rows(facts: Facts, _period: Period) -> ibis.Table:
    account = facts("account")
    held = open_holdings(facts).join(account.select("account_id", "product_code"), "account_id")
    products = held.select("party_id", "account_kind", "product_code").distinct()
    return stacked(products.select("party_id", part=1, whole=0), customers(facts).select("party_id", part=0, whole=1))


kpis.register(
    Kpi(
        name="products_per_customer",
        title=Text("户均产品数", "Products per customer"),
        meaning=Text(
            "每位客户以主持有人身份持有的不同产品（账户种类与产品代码），同一产品多个账户算一个",
            "Different products (kind of account and product code) held as main holder; several accounts of one "
            "product count once",
        ),
        formula=Text("客户持有的不同产品数之和 ÷ 客户数", "Σ different products held ÷ customers"),
        population=Text("未销户账户的主持有人", "Main holders of an open account"),
        unit="number",
        direction="up",
        owner="product",
        kind="stock",
        area="customers",
        rows=_rows,
        quotient=True,
    )
)
