"""Income band."""

from zhike.core.text import Text
from zhike.data.feature import Trait
from zhike.data.features import features

features.register(
    Trait(
        name="income_band",
        title=Text("收入档", "Income band"),
        meaning=Text("收入档，按银行记录", "Income band, as the bank recorded it"),
        column="income_band",
    )
)
