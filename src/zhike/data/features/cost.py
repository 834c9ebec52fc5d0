"""Cost of twelve months: points, benefits, funding, expected loss, service, channel."""

from zhike.core.text import Text
from zhike.data.feature import Derived
from zhike.data.features import features

_PARTS = (
    "points_cost_12m_cents", "benefit_cost_365d_cents", "funding_cost_12m_cents", "expected_loss_12m_cents",
    "service_cost_12m_cents", "channel_cost_12m_cents",
)  # fmt: skip

features.register(
    Derived(
        name="cost_12m_cents",
        title=Text("近12个月成本", "Cost, 12 months"),
        meaning=Text(
            "积分、权益、资金、预期损失、服务与触达成本之和",
            "Points, benefits, funding, expected loss, service and channels together",
        ),
        unit="cents",
        type="int64",
        needs=_PARTS,
        theme="worth",
        expression=lambda view, as_of: sum(view[part] for part in _PARTS),
    )
)
