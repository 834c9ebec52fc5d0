"""Purchases paid by wallet, and their share."""

from zhike.core.text import Text
from zhike.data.feature import Derived, Measure, Windowed
from zhike.data.features import features, register_windows
from zhike.data.ratio import ratio
from zhike.data.rows import wallet_purchases

register_windows(
    Windowed(
        name="wallet_purchases_{days}d",
        title=Text("近{days}天钱包消费笔数", "Wallet purchases, {days} days"),
        meaning=Text("近{days}天通过钱包支付的消费笔数", "Purchases paid by wallet in {days} days"),
        unit="count",
        table="transaction",
        measure=Measure("count"),
        windows_days=(30, 90),
        where=wallet_purchases,
        empty=0,
        theme="habits",
    )
)
features.register(
    Derived(
        name="wallet_share_90d",
        title=Text("近90天钱包消费占比", "Wallet share, 90 days"),
        meaning=Text(
            "近90天钱包消费占比：按笔数，无消费为空", "Wallet share, 90 days: by number of purchases; empty without one"
        ),
        unit="ratio",
        type="float64",
        needs=("wallet_purchases_90d", "purchases_90d"),
        expression=lambda view, as_of: ratio(view.wallet_purchases_90d, view.purchases_90d),
    )
)
