"""Nothing is sold to who waits for an answer."""

from zhike.core.text import Text
from zhike.data.assumption import NoAssumptions
from zhike.decide.offer import Gate, Rule
from zhike.decide.policies import policies
from zhike.decide.policy import Policy

OPEN_COMPLAINT = policies.register(
    Policy(
        name="open_complaint",
        title=Text("投诉静默", "Open complaint"),
        meaning=Text(
            "有未结投诉期间不做任何营销，办结即恢复",
            "No selling while a complaint is open; closing it ends that",
        ),
        owner="consumer protection",
        parameters=NoAssumptions(),
        gates=(
            Gate(
                code="complaint_open",
                stage="policy",
                passes=lambda view, _: view.complaints_open <= 0,
                reason=Text(
                    "有 {complaints_open} 件投诉未结，结案前不营销",
                    "{complaints_open} of the customer's complaints are open; no selling until they are closed",
                ),
                rule=Rule(
                    "COMPLAINT-1",
                    Text("本行规则（未结投诉静默）", "The bank's own rule (an open complaint mutes selling)"),
                    "C",
                ),
            ),
        ),
    )
)
