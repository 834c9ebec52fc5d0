"""How much, and how often, the customer lets interest run."""

from zhike.core.text import Text
from zhike.data.feature import Derived, Measure, Windowed
from zhike.data.features import features, register_windows
from zhike.data.ratio import ratio

register_windows(
    Windowed(
        name="revolving_statements_{days}d",
        title=Text("近{days}天循环账单数", "Revolving statements, {days} days"),
        meaning=Text("近{days}天有计息余额的账单数", "Statements of {days} days with an interest-bearing part"),
        unit="count",
        table="statement",
        measure=Measure("count"),
        windows_days=(365,),
        where=lambda rows: rows.revolving_cents > 0,
        empty=0,
    )
)
features.register(
    Derived(
        name="revolving_share",
        title=Text("循环余额占比", "Revolving share"),
        meaning=Text(
            "最近账单计息余额 ÷ 欠款；无欠款或未知为空",
            "Interest-bearing part over balance of the newest statements; empty where nothing is owed or it is unknown",
        ),
        unit="ratio",
        type="float64",
        needs=("revolving_cents", "owed_cents"),
        expression=lambda view, as_of: ratio(view.revolving_cents, view.owed_cents),
    )
)
