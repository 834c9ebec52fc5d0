"""Household."""

from zhike.core.text import Text
from zhike.data.feature import Feature, Measure
from zhike.data.features import features

features.register(
    Feature(
        name="household_members",
        title=Text("家庭成员数", "Household members"),
        meaning=Text(
            "银行已知的同一家庭客户数（含本人）；家庭未知为空",
            "Customers known in the same household, this one included; empty where the household is unknown",
        ),
        unit="count",
        table="household_member",
        measure=Measure("max", "members"),
    )
)
