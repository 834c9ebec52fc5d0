"""Cards that are bound to a wallet, and since when: in China first use happens through binding."""

from zhike.core.text import Text
from zhike.data.feature import Derived, Feature, Measure
from zhike.data.features import features

features.register(
    Feature(
        name="cards_bound",
        title=Text("已绑卡数", "Cards bound to a wallet"),
        meaning=Text(
            "已绑定钱包、未销卡未换卡的卡片数", "Cards bound to any wallet, neither closed nor replaced since"
        ),
        unit="count",
        table="holder_card",
        measure=Measure("count"),
        where=lambda rows: rows.bound_on.notnull() & rows.ended_on.isnull(),
        empty=0,
    )
)
features.register(
    Feature(
        name="cards_ended",
        title=Text("已销或已换卡数", "Cards closed or replaced"),
        meaning=Text("名下已注销或已换的卡片数", "Cards in the customer's name that were closed or replaced"),
        unit="count",
        table="holder_card",
        measure=Measure("count"),
        where=lambda rows: rows.ended_on.notnull(),
        empty=0,
    )
)
features.register(
    Feature(
        name="first_bound_on",
        title=Text("首次绑卡日", "First bound on"),
        meaning=Text("首次把卡绑定到钱包的日期；从未绑定为空", "Day of the first binding to a wallet; empty if never"),
        unit="date",
        table="holder_card",
        measure=Measure("first", "bound_on"),
    )
)
features.register(
    Derived(
        name="days_since_first_bound",
        title=Text("首次绑卡距今天数", "Days since first bound"),
        meaning=Text("距首次绑卡的天数；从未绑定为空", "Days since the first binding to a wallet; empty if never"),
        unit="days",
        type="int64",
        needs=("first_bound_on",),
        expression=lambda view, as_of: as_of.delta(view.first_bound_on, unit="day"),
    )
)
