"""Spend of the last 90 days against the 90 days before."""

from zhike.core.text import Text
from zhike.data.feature import Derived
from zhike.data.features import features
from zhike.data.ratio import ratio

SPEND_TREND = features.register(
    Derived(
        name="spend_trend",
        title=Text("消费趋势", "Spend trend"),
        meaning=Text(
            "近90天消费 ÷ 前90天消费；前期无消费为空",
            "Spend of 90 days over that of the 90 days before; empty without the latter",
        ),
        unit="ratio",
        type="float64",
        needs=("spend_90d_cents", "spend_previous_90d_cents"),
        expression=lambda view, as_of: ratio(view.spend_90d_cents, view.spend_previous_90d_cents),
    )
)
