"""Risk preference."""

from zhike.core.text import Text
from zhike.data.feature import Trait
from zhike.data.features import features

features.register(
    Trait(
        name="risk_preference",
        title=Text("风险偏好", "Risk preference"),
        meaning=Text("风险偏好，按银行记录", "Risk preference, as the bank recorded it"),
        column="risk_preference",
    )
)
