"""Customers with something worth splitting."""

from zhike.core.text import Text
from zhike.data.segments import Segment, segments

INSTALMENT_PROSPECTS = segments.register(
    Segment(
        name="instalment_prospects",
        title=Text("大额分期潜客", "Instalment prospects"),
        meaning=Text(
            "账单欠款或近30天单笔消费在2,000元以上、无逾期的信用账户客户",
            "Credit customers who owe, or bought in one go within 30 days, 2,000 or more and are not late",
        ),
        owner="marketing",
        expression=(
            "limit_cents > 0 and (owed_cents >= 200000 or largest_purchase_30d_cents >= 200000)"
            " and (days_past_due = 0 or days_past_due is null)"
        ),
    )
)
