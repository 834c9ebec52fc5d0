"""Marital status."""

from zhike.core.text import Text
from zhike.data.feature import Trait
from zhike.data.features import features

features.register(
    Trait(
        name="marital_status",
        title=Text("婚姻状况", "Marital status"),
        meaning=Text("婚姻状况，按银行记录", "Marital status, as the bank recorded it"),
        column="marital_status",
    )
)
