"""Silence of the card business."""

import ibis

from zhike.core.text import Text
from zhike.data.feature import Derived
from zhike.data.features import features

DAYS_SINCE_LAST_USE = features.register(
    Derived(
        name="days_since_last_use",
        title=Text("静默天数", "Days since last use"),
        meaning=Text(
            "有信用账户的客户：距信用账户最近主动交易的天数；其他客户按全部账户；从未使用为空",
            "Holders of credit: days since credit was last used; others: since any account was; empty if never",
        ),
        unit="days",
        type="int64",
        needs=("credit_accounts", "last_credit_use_on", "last_transaction_on"),
        expression=lambda view, as_of: as_of.delta(
            ibis.ifelse(view.credit_accounts > 0, view.last_credit_use_on, view.last_transaction_on), unit="day"
        ),
    )
)
