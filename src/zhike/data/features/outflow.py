"""Money that left."""

from zhike.core.text import Text
from zhike.data.feature import Derived, Measure, Windowed
from zhike.data.features import features, register_windows

register_windows(
    Windowed(
        name="outflow_{days}d_cents",
        title=Text("近{days}天流出额", "Outflow, {days} days"),
        meaning=Text("近{days}天存款账户的取款与转出", "Withdrawals and transfers out in {days} days"),
        unit="cents",
        table="transaction",
        measure=Measure("sum", "amount_cents"),
        windows_days=(90,),
        where=lambda rows: rows.kind.isin(["withdrawal", "transfer_out"]),
        empty=0,
        theme="assets",
    )
)
features.register(
    Derived(
        name="net_inflow_90d_cents",
        title=Text("近90天净流入", "Net inflow, 90 days"),
        meaning=Text("近90天流入额减流出额", "Inflow of 90 days less outflow"),
        unit="cents",
        type="int64",
        needs=("inflow_90d_cents", "outflow_90d_cents"),
        expression=lambda view, as_of: view.inflow_90d_cents - view.outflow_90d_cents,
    )
)
