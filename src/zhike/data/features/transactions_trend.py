"""Frequency of the last 90 days against the 90 days before."""

from zhike.core.text import Text
from zhike.data.feature import Derived
from zhike.data.features import features
from zhike.data.ratio import ratio

TRANSACTIONS_TREND = features.register(
    Derived(
        name="transactions_trend",
        title=Text("交易频次趋势", "Transaction trend"),
        meaning=Text(
            "近90天交易笔数 ÷ 前90天交易笔数；前期无交易为空",
            "Transactions of 90 days over those of the 90 days before; empty without the latter",
        ),
        unit="ratio",
        type="float64",
        needs=("transactions_90d", "transactions_previous_90d"),
        expression=lambda view, as_of: ratio(view.transactions_90d, view.transactions_previous_90d),
    )
)
