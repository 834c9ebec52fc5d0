"""Day of birth."""

from zhike.core.text import Text
from zhike.data.feature import Trait
from zhike.data.features import features

BIRTH_DATE = features.register(
    Trait(
        name="birth_date",
        title=Text("出生日期", "Date of birth"),
        meaning=Text("出生日期；仅知年份时取7月1日", "Day of birth; the first of July where only the year is known"),
        column="birth_date",
        type="date",
        unit="date",
    )
)
