"""Sleeping customers."""

from zhike.core.text import Text
from zhike.data.segments import Segment, segments

SLEEPING = segments.register(
    Segment(
        name="sleeping",
        title=Text("睡眠户", "Sleeping"),
        meaning=Text("连续12个月以上无主动交易的客户", "No customer-initiated transaction for more than 12 months"),
        owner="product",
        expression="stage in ('dormant', 'regulatory_dormant')",
    )
)
