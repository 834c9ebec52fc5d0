"""Cards."""

from zhike.core.text import Text
from zhike.data.feature import Feature, Measure
from zhike.data.features import features

features.register(
    Feature(
        name="cards_held",
        title=Text("持卡数", "Cards"),
        meaning=Text("名下有效版本的卡片数", "Cards in the customer's name"),
        unit="count",
        table="card",
        measure=Measure("count"),
        empty=0,
    )
)
