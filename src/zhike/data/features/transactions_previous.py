"""How often the customer acted in the quarter before the last one."""

from zhike.core.text import Text
from zhike.data.feature import Feature, Measure
from zhike.data.features import features
from zhike.data.rows import customer_initiated

TRANSACTIONS_PREVIOUS_90D = features.register(
    Feature(
        name="transactions_previous_90d",
        title=Text("前90天交易笔数", "Transactions, previous 90 days"),
        meaning=Text("91至180天前的主动交易笔数", "Posted customer-initiated transactions 91 to 180 days ago"),
        unit="count",
        table="transaction",
        measure=Measure("count"),
        where=customer_initiated,
        window_days=90,
        offset_days=90,
        empty=0,
    )
)
