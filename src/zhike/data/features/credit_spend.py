"""Spend on credit accounts: what interchange is earned on."""

from zhike.core.text import Text
from zhike.data.feature import Measure, Windowed
from zhike.data.features import register_windows
from zhike.data.rows import net_spend

register_windows(
    Windowed(
        name="credit_spend_{days}d_cents",
        title=Text("近{days}天信用卡消费额", "Spend on credit, {days} days"),
        meaning=Text(
            "近{days}天信用账户入账消费减退货，不含取现",
            "Posted purchases net of refunds on credit accounts in {days} days, without cash advances",
        ),
        unit="cents",
        table="transaction",
        measure=Measure("sum", net_spend),
        windows_days=(365,),
        accounts=lambda accounts: accounts.account_kind == "credit",
        empty=0,
    )
)
