"""New cards that wait for their first use."""

from zhike.core.text import Text
from zhike.data.segments import Segment, segments

NEW_UNUSED = segments.register(
    Segment(
        name="new_unused",
        title=Text("首刷待促", "New and unused"),
        meaning=Text("发卡180天内、尚无任何主动交易的客户", "Card issued within 180 days and no transaction yet"),
        owner="marketing",
        expression="stage in ('issued', 'activated') and days_since_card_issued <= 180",
    )
)
