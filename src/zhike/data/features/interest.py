"""Interest and fees charged."""

from zhike.core.text import Text
from zhike.data.feature import Measure, Windowed
from zhike.data.features import register_windows
from zhike.data.rows import charged

register_windows(
    Windowed(
        name="interest_{days}d_cents",
        title=Text("近{days}天利息收入", "Interest, {days} days"),
        meaning=Text(
            "近{days}天向客户收取的利息（含分期利息与罚息），减冲回",
            "Interest charged in {days} days, instalment and penalty interest included, less what was given back",
        ),
        unit="cents",
        table="posting",
        measure=Measure("sum", charged),
        windows_days=(365,),
        where=lambda rows: rows.kind.isin(["interest", "instalment_interest", "penalty_interest"]),
        empty=0,
    )
)
