"""Region."""

from zhike.core.text import Text
from zhike.data.feature import Trait
from zhike.data.features import features

features.register(
    Trait(
        name="region_code",
        title=Text("居住地区划代码", "Region"),
        meaning=Text("居住地区划代码，按银行记录", "Region, as the bank recorded it"),
        column="region_code",
    )
)
