"""Balances billed."""

from zhike.core.text import Text
from zhike.data.feature import Measure, Windowed
from zhike.data.features import register_windows

register_windows(
    Windowed(
        name="billed_{days}d_cents",
        title=Text("近{days}天账单额", "Billed, {days} days"),
        meaning=Text(
            "近{days}天信用账单欠款之和（最低还款额已知或有到期日的账单）",
            "Balances of statements with a due date in {days} days",
        ),
        unit="cents",
        table="statement",
        measure=Measure("sum", "balance_cents"),
        windows_days=(90, 365),
        where=lambda rows: rows.due_date.notnull() & (rows.balance_cents > 0),
        empty=0,
    )
)
