"""Day of the newest card."""

from zhike.core.text import Text
from zhike.data.feature import Feature, Measure
from zhike.data.features import features

LAST_CARD_ISSUED = features.register(
    Feature(
        name="last_card_issued_on",
        title=Text("最近发卡日", "Newest card issued"),
        meaning=Text("名下最近一张卡的发卡日", "Day of issue of the newest card"),
        unit="date",
        table="holder_card_event",
        measure=Measure("last"),
        where=lambda rows: rows.kind == "issued",
    )
)
