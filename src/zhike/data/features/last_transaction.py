"""Day of the newest customer-initiated transaction."""

from zhike.core.text import Text
from zhike.data.feature import Feature, Measure
from zhike.data.features import features
from zhike.data.rows import customer_initiated

LAST_TRANSACTION = features.register(
    Feature(
        name="last_transaction_on",
        title=Text("最近交易日", "Last transaction"),
        meaning=Text("最近一笔主动交易的营业日", "Business date of the newest customer-initiated transaction"),
        unit="date",
        table="transaction",
        measure=Measure("last"),
        where=customer_initiated,
    )
)
