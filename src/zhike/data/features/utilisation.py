"""Utilisation."""

from zhike.core.text import Text
from zhike.data.feature import Derived
from zhike.data.features import features
from zhike.data.ratio import ratio

UTILISATION = features.register(
    Derived(
        name="utilisation",
        title=Text("额度使用率", "Utilisation"),
        meaning=Text("最近账单欠款 ÷ 当日额度", "Balance of the newest statements over the limit of the day"),
        unit="ratio",
        type="float64",
        needs=("owed_cents", "limit_cents"),
        expression=lambda view, as_of: ratio(view.owed_cents, view.limit_cents),
    )
)
