"""Target group."""

from zhike.core.text import Text
from zhike.data.feature import Trait
from zhike.data.features import features

features.register(
    Trait(
        name="target_group",
        title=Text("客群", "Target group"),
        meaning=Text("客群，按银行记录", "Target group, as the bank recorded it"),
        column="target_group",
    )
)
