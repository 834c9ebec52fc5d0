"""Money that came in."""

from zhike.core.text import Text
from zhike.data.feature import Measure, Windowed
from zhike.data.features import register_windows
from zhike.data.rows import inflows

register_windows(
    Windowed(
        name="inflow_{days}d_cents",
        title=Text("近{days}天流入额", "Inflow, {days} days"),
        meaning=Text("近{days}天工资、存入与转入", "Salary, deposits and transfers received in {days} days"),
        unit="cents",
        table="transaction",
        measure=Measure("sum", "amount_cents"),
        windows_days=(90,),
        where=inflows,
        empty=0,
        theme="assets",
    )
)
