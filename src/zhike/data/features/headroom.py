"""What is left of the limit."""

from zhike.core.text import Text
from zhike.data.feature import Derived
from zhike.data.features import features

features.register(
    Derived(
        name="headroom_cents",
        title=Text("可用额度", "Headroom"),
        meaning=Text(
            "当日有效额度减未销户信用账户最近账单欠款；无额度为空",
            "Effective limit of the day less what is owed on the same accounts by their newest statements; empty "
            "without a limit",
        ),
        unit="cents",
        type="int64",
        needs=("limit_cents", "drawn_cents"),
        expression=lambda view, as_of: view.limit_cents - view.drawn_cents.fill_null(0),
    )
)
