"""No marketing without consent."""

from dataclasses import dataclass
from typing import Literal

import ibis
import ibis.expr.types as ir

from zhike.core.text import Text
from zhike.data.assumption import assumption
from zhike.decide.offer import Gate, Ground, Rule
from zhike.decide.policies import policies
from zhike.decide.policy import Policy


@dataclass(frozen=True)
class Setting:
    """``unknown`` is what to do where no consent was ever recorded; ``set_by`` names who decided so (it is shown)."""

    unknown: Literal["refuse", "allow"] = assumption(
        "refuse", "choice", Text("同意未知时", "Where consent is unknown"), owner="consumer protection"
    )
    set_by: str = assumption("default", "name", Text("设置来源", "Set by"), owner="consumer protection")


def _recorded(view: ibis.Table) -> ir.BooleanValue:
    return view.marketing_consent.fill_null("unknown") != "unknown"


CONSENT = policies.register(
    Policy(
        name="consent",
        title=Text("营销同意", "Marketing consent"),
        meaning=Text(
            "未经同意不得发送营销信息，撤回后不再发送；无同意记录时按设置“{unknown}”处理",
            "No marketing message without consent, none after it was withdrawn; where none was recorded: {unknown}",
        ),
        owner="consumer protection",
        parameters=Setting(),
        gates=(
            Gate(
                code="consent_withdrawn",
                stage="policy",
                passes=lambda view, _: view.marketing_consent.fill_null("unknown") != "withdrawn",
                reason=Text("客户已撤回营销同意", "The customer has withdrawn consent to marketing"),
                rule=Rule(
                    "MARKETING-1",
                    Text(
                        "《个人信息保护法》第十五条，《广告法》第四十三条",
                        "PIPL article 15, Advertising Law article 43",
                    ),
                    "A",
                ),
            ),
            Gate(
                code="consent_unknown",
                stage="policy",
                passes=lambda view, at: _recorded(view) | ibis.literal(at.unknown == "allow"),
                reason=Text(
                    "没有营销同意记录，设置“同意未知时：{unknown}”（来源：{set_by}）",
                    "No consent to marketing is recorded; setting for unknown consent: {unknown} (set by {set_by})",
                ),
                rule=Rule("MARKETING-2", Text("《广告法》第四十三条", "Advertising Law article 43"), "A"),
            ),
        ),
        grounds=(
            Ground(
                code="consent_by_setting",
                holds=lambda view, at: ~_recorded(view) & ibis.literal(at.unknown == "allow"),
                text=Text(
                    "没有营销同意记录，按设置“同意未知时：{unknown}”（来源：{set_by}）允许",
                    "No consent to marketing is recorded; setting for unknown consent: {unknown} (set by {set_by})",
                ),
            ),
        ),
    )
)
