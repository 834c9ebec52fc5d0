"""Fees charged."""

from zhike.core.text import Text
from zhike.data.feature import Measure, Windowed
from zhike.data.features import register_windows
from zhike.data.rows import charged

FEES = ["annual_fee", "late_fee", "cash_advance_fee", "service_fee"]

register_windows(
    Windowed(
        name="fees_{days}d_cents",
        title=Text("近{days}天收费", "Fees, {days} days"),
        meaning=Text(
            "近{days}天年费、违约金、取现费与服务费，减冲回",
            "Annual, late, cash-advance and service fees in {days} days, less what was given back",
        ),
        unit="cents",
        table="posting",
        measure=Measure("sum", charged),
        windows_days=(365,),
        where=lambda rows: rows.kind.isin(FEES),
        empty=0,
    )
)
