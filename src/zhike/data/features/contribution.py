"""Contribution: what the customer earned the bank in twelve months, by named assumptions (DOMAIN section 1)."""

from zhike.core.text import Text
from zhike.data.feature import Derived
from zhike.data.features import features

CONTRIBUTION = features.register(
    Derived(
        name="contribution_12m_cents",
        title=Text("近12个月贡献", "Contribution, 12 months"),
        meaning=Text(
            "收入（回佣、利息、分期利息、收费）减成本（积分、权益、资金、预期损失、服务、触达）；存款另计",
            "Income (interchange, interest, instalment interest, fees) less cost (points, benefits, funding, expected "
            "loss, service, channels); deposits apart",
        ),
        unit="cents",
        type="int64",
        needs=("income_12m_cents", "cost_12m_cents"),
        expression=lambda view, as_of: view.income_12m_cents - view.cost_12m_cents,
        theme="worth",
    )
)
