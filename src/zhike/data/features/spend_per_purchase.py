"""What one purchase comes to."""

import ibis

from zhike.core.text import Text
from zhike.data.feature import Derived
from zhike.data.features import features

features.register(
    Derived(
        name="spend_per_purchase_90d_cents",
        title=Text("近90天笔均消费", "Spend per purchase, 90 days"),
        meaning=Text(
            "近90天消费净额 ÷ 消费笔数，舍去小数；无消费为空",
            "Net spend of 90 days over its purchases, rounded down; empty without one",
        ),
        unit="cents",
        type="int64",
        needs=("spend_90d_cents", "purchases_90d"),
        expression=lambda view, as_of: (
            view.spend_90d_cents // ibis.ifelse(view.purchases_90d > 0, view.purchases_90d, ibis.null("int64"))
        ),
    )
)
