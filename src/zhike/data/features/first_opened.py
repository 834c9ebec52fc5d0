"""Day of the first account."""

from zhike.core.text import Text
from zhike.data.feature import Feature, Measure
from zhike.data.features import features

FIRST_OPENED = features.register(
    Feature(
        name="customer_since",
        title=Text("开户日", "Customer since"),
        meaning=Text("最早账户的开户日", "Opening day of the first account"),
        unit="date",
        table="account",
        measure=Measure("first", "opened_on"),
    )
)
