"""Occupation."""

from zhike.core.text import Text
from zhike.data.feature import Trait
from zhike.data.features import features

features.register(
    Trait(
        name="occupation",
        title=Text("职业", "Occupation"),
        meaning=Text("职业，按银行记录", "Occupation, as the bank recorded it"),
        column="occupation",
    )
)
