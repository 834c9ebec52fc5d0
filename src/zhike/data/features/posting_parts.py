"""Parts of what was charged: instalment interest, and what the bank waived."""

from zhike.core.text import Text
from zhike.data.feature import Measure, Windowed
from zhike.data.features import register_windows
from zhike.data.rows import charged

register_windows(
    Windowed(
        name="instalment_interest_{days}d_cents",
        title=Text("近{days}天分期利息", "Instalment interest, {days} days"),
        meaning=Text(
            "近{days}天向客户收取的分期利息，减冲回；已计入利息收入",
            "Instalment interest charged in {days} days, less what was given back; part of interest",
        ),
        unit="cents",
        table="posting",
        measure=Measure("sum", charged),
        windows_days=(365,),
        where=lambda rows: rows.kind == "instalment_interest",
        empty=0,
    )
)
register_windows(
    Windowed(
        name="waived_{days}d_cents",
        title=Text("近{days}天减免", "Waived, {days} days"),
        meaning=Text("近{days}天减免的利息与收费", "Interest and fees that the bank waived in {days} days"),
        unit="cents",
        table="posting",
        measure=Measure("sum", lambda rows: -charged(rows)),
        windows_days=(365,),
        where=lambda rows: rows.kind == "waiver",
        empty=0,
    )
)
