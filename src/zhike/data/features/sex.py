"""Sex."""

from zhike.core.text import Text
from zhike.data.feature import Trait
from zhike.data.features import features

features.register(
    Trait(
        name="sex",
        title=Text("性别", "Sex"),
        meaning=Text("性别，按银行记录", "Sex, as the bank recorded it"),
        column="sex",
    )
)
