"""Nothing is sold to who is late."""

from dataclasses import dataclass

from zhike.core.text import Text
from zhike.data.assumption import assumption
from zhike.decide.offer import Gate, Rule
from zhike.decide.policies import policies
from zhike.decide.policy import Policy


@dataclass(frozen=True)
class Setting:
    """Bucket edge of M1 (DOMAIN section 2)."""

    mute_from_days: int = assumption(1, "days", Text("逾期达到即静默", "Muted from days past due"), owner="risk")


ARREARS = policies.register(
    Policy(
        name="arrears",
        title=Text("逾期静默", "Arrears"),
        meaning=Text(
            "逾期 {mute_from_days} 天及以上（M1+）期间不做任何营销",
            "No selling from {mute_from_days} days past due on (M1+)",
        ),
        owner="risk",
        parameters=Setting(),
        gates=(
            Gate(
                code="arrears",
                stage="policy",
                passes=lambda view, at: view.days_past_due < at.mute_from_days,
                reason=Text(
                    "逾期 {days_past_due} 天，{mute_from_days} 天及以上不营销",
                    "{days_past_due} days past due; no selling from {mute_from_days} on",
                ),
                # Without a statement nothing can be late: deposit customers have none.
                unknown="passes",
                rule=Rule("ARREARS-1", Text("本行规则（M1+ 静默）", "The bank's own rule (M1+ mutes selling)"), "C"),
            ),
        ),
    )
)
