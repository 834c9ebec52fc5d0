"""Not too often: a cap on marketing contacts over all channels together."""

from dataclasses import dataclass

from zhike.core.text import Text
from zhike.data.assumption import assumption
from zhike.decide.offer import Gate, Rule
from zhike.decide.policies import policies
from zhike.decide.policy import Policy

_RULE = Rule("CONTACT-1", Text("本行规则（触达上限）", "The bank's own rule (contact caps)"), "C")


@dataclass(frozen=True)
class Setting:
    """How many marketing contacts a customer has at most; the next one included."""

    week_max: int = assumption(2, "count", Text("7天内触达上限", "Contacts in 7 days, at most"), owner="marketing")
    month_max: int = assumption(4, "count", Text("30天内触达上限", "Contacts in 30 days, at most"), owner="marketing")


CONTACT_CAPS = policies.register(
    Policy(
        name="contact_caps",
        title=Text("触达上限", "Contact caps"),
        meaning=Text(
            "所有渠道合计，7天内营销触达不超过 {week_max} 次，30天内不超过 {month_max} 次",
            "Over all channels, at most {week_max} marketing contacts in 7 days and {month_max} in 30",
        ),
        owner="marketing",
        parameters=Setting(),
        gates=(
            Gate(
                code="cap_7_days",
                stage="policy",
                passes=lambda view, at: view.marketing_contacts_7d < at.week_max,
                reason=Text(
                    "近7天已营销触达 {marketing_contacts_7d} 次，上限 {week_max} 次",
                    "{marketing_contacts_7d} marketing contacts in 7 days already, of {week_max} at most",
                ),
                rule=_RULE,
            ),
            Gate(
                code="cap_30_days",
                stage="policy",
                passes=lambda view, at: view.marketing_contacts_30d < at.month_max,
                reason=Text(
                    "近30天已营销触达 {marketing_contacts_30d} 次，上限 {month_max} 次",
                    "{marketing_contacts_30d} marketing contacts in 30 days already, of {month_max} at most",
                ),
                rule=_RULE,
            ),
        ),
    )
)
