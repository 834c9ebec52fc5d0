"""How much of what was billed gets paid."""

from zhike.core.text import Text
from zhike.data.feature import Derived
from zhike.data.features import features
from zhike.data.ratio import ratio

PAYMENT_RATIO = features.register(
    Derived(
        name="payment_ratio",
        title=Text("还款率", "Payment ratio"),
        meaning=Text(
            "近90天还款 ÷ 近90天账单欠款之和；无欠款为空",
            "Payments over balances billed in 90 days; empty where nothing was owed",
        ),
        unit="ratio",
        type="float64",
        needs=("payments_90d_cents", "billed_90d_cents"),
        expression=lambda view, as_of: ratio(view.payments_90d_cents, view.billed_90d_cents),
    )
)
