"""Day on which a credit account was last used."""

from zhike.core.text import Text
from zhike.data.feature import Feature, Measure
from zhike.data.features import features
from zhike.data.rows import customer_initiated

LAST_CREDIT_USE = features.register(
    Feature(
        name="last_credit_use_on",
        title=Text("最近用卡日", "Last use of credit"),
        meaning=Text(
            "信用账户最近一笔主动交易的营业日", "Business date of the newest customer-initiated transaction on credit"
        ),
        unit="date",
        table="transaction",
        measure=Measure("last"),
        where=customer_initiated,
        accounts=lambda accounts: accounts.account_kind == "credit",
    )
)
