"""Cards that were activated."""

from zhike.core.text import Text
from zhike.data.feature import Feature, Measure
from zhike.data.features import features

CARDS_ACTIVATED = features.register(
    Feature(
        name="cards_activated",
        title=Text("已激活卡数", "Activated cards"),
        meaning=Text("名下已激活的卡片数", "Cards in the customer's name that were activated"),
        unit="count",
        table="holder_card_event",
        measure=Measure("count"),
        where=lambda rows: rows.kind == "activated",
        empty=0,
    )
)
