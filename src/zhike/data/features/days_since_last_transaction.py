"""Recency."""

from zhike.core.text import Text
from zhike.data.feature import Derived
from zhike.data.features import features

DAYS_SINCE_LAST_TRANSACTION = features.register(
    Derived(
        name="days_since_last_transaction",
        title=Text("距上次交易天数", "Days since last transaction"),
        meaning=Text(
            "距最近一笔主动交易的天数；从未交易为空",
            "Days since the newest customer-initiated transaction; empty if never",
        ),
        unit="days",
        type="int64",
        needs=("last_transaction_on",),
        expression=lambda view, as_of: as_of.delta(view.last_transaction_on, unit="day"),
    )
)
