"""Education."""

from zhike.core.text import Text
from zhike.data.feature import Trait
from zhike.data.features import features

features.register(
    Trait(
        name="education",
        title=Text("学历", "Education"),
        meaning=Text("学历，按银行记录", "Education, as the bank recorded it"),
        column="education",
    )
)
