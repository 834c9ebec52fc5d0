"""City tier."""

from zhike.core.text import Text
from zhike.data.feature import Trait
from zhike.data.features import features

features.register(
    Trait(
        name="city_tier",
        title=Text("城市等级", "City tier"),
        meaning=Text("城市等级，按银行记录", "City tier, as the bank recorded it"),
        column="city_tier",
    )
)
