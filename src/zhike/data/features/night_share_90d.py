"""Night share, 90 days."""

from zhike.core.text import Text
from zhike.data.feature import Derived
from zhike.data.features import features
from zhike.data.ratio import ratio

features.register(
    Derived(
        name="night_share_90d",
        title=Text("近90天夜间消费占比", "Night share, 90 days"),
        meaning=Text(
            "近90天夜间消费占比：按笔数，无消费为空", "Night share, 90 days: by number of purchases; empty without one"
        ),
        unit="ratio",
        type="float64",
        needs=("night_purchases_90d", "purchases_90d"),
        expression=lambda view, as_of: ratio(view.night_purchases_90d, view.purchases_90d),
    )
)
