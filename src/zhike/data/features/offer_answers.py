"""What the customer answered to offers."""

from functools import partial

import ibis
import ibis.expr.types as ir

from zhike.core.text import Text
from zhike.data.feature import Derived, Feature, Measure, Windowed
from zhike.data.features import features, register_windows


def _answered(rows: ibis.Table, *, answer: str) -> ir.BooleanValue:
    return rows.answer == answer


for _answer, _zh, _en in (
    ("accepted", "接受", "accepted"), ("declined", "拒绝", "declined"), ("ignored", "未理会", "ignored"),
):  # fmt: skip
    register_windows(
        Windowed(
            name=f"offers_{_answer}_{{days}}d",
            title=Text(f"近{{days}}天{_zh}推荐次数", f"Offers {_en}, {{days}} days"),
            meaning=Text(f"近{{days}}天{_zh}的营销推荐次数", f"Offers that the customer {_en} in {{days}} days"),
            unit="count",
            table="offer_response",
            measure=Measure("count"),
            windows_days=(365,),
            where=partial(_answered, answer=_answer),
            empty=0,
        )
    )
features.register(
    Feature(
        name="last_offer_declined_on",
        title=Text("最近拒绝推荐日", "Last offer declined"),
        meaning=Text("最近一次拒绝推荐的日期；从未为空", "Day on which an offer was last declined; empty if never"),
        unit="date",
        table="offer_response",
        measure=Measure("last"),
        where=partial(_answered, answer="declined"),
    )
)
features.register(
    Derived(
        name="days_since_offer_declined",
        title=Text("距上次拒绝天数", "Days since an offer was declined"),
        meaning=Text("距最近一次拒绝推荐的天数；从未为空", "Days since an offer was last declined; empty if never"),
        unit="days",
        type="int64",
        needs=("last_offer_declined_on",),
        expression=lambda view, as_of: as_of.delta(view.last_offer_declined_on, unit="day"),
    )
)
