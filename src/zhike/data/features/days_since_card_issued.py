"""Age of the newest card."""

from zhike.core.text import Text
from zhike.data.feature import Derived
from zhike.data.features import features

DAYS_SINCE_CARD_ISSUED = features.register(
    Derived(
        name="days_since_card_issued",
        title=Text("最近发卡距今天数", "Days since card issued"),
        meaning=Text("距最近一次发卡的天数；无卡为空", "Days since the newest card was issued; empty without a card"),
        unit="days",
        type="int64",
        needs=("last_card_issued_on",),
        expression=lambda view, as_of: as_of.delta(view.last_card_issued_on, unit="day"),
    )
)
