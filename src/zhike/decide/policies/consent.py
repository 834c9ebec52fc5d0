"""No marketing without consent."""

from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
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
    """``unknown`` is what to do where no consent was ever recorded. ``setting`` is the name of what decided so, and
    ``sources`` are whose setting it is: both are shown."""

    unknown: Literal["refuse", "allow"] = assumption(
        "refuse", "choice", Text("同意未知时", "Where consent is unknown"), owner="consumer protection"
    )
    setting: str = assumption("default", "name", Text("同意设置", "Consent setting"), owner="consumer protection")
    sources: str = assumption("all", "name", Text("来源系统", "Sources"), owner="consumer protection")
    channels: str = assumption("", "name", Text("触达渠道", "Channels of the offer"), owner="consumer protection")


_SAID = Text(
    "没有该客户的营销同意记录（来源系统：{sources}），按设置“{setting}”处理，{unknown}",
    "No consent of this customer to marketing is recorded (source: {sources}); by the setting {setting}"
    " it counts as {unknown}",
)


def _recorded(view: ibis.Table) -> ir.BooleanValue:
    return view.marketing_consent.fill_null("unknown") != "unknown"


def _agreed(view: ibis.Table, at: Setting) -> ir.BooleanValue:
    """To at least one of the offer's channels: by its own record, else by one for every channel."""
    by_channel = [
        (view[f"consent_{channel}"].coalesce(view.consent_all) == 1).fill_null(False)
        for channel in at.channels.split(", ")
        if channel
    ]
    return reduce(or_, by_channel, ibis.literal(False))


CONSENT = policies.register(
    Policy(
        name="consent",
        title=Text("营销同意", "Marketing consent"),
        meaning=Text(
            "未经同意不得发送营销信息，撤回后不再发送；无同意记录时按设置处理：{unknown}",
            "No marketing message without consent, none after it was withdrawn; none recorded counts as {unknown}",
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
                code="consent_other_channel",
                stage="policy",
                passes=lambda view, at: _agreed(view, at) | (view.marketing_consent.fill_null("unknown") != "given"),
                reason=Text(
                    "客户同意的营销渠道不含该行动的渠道（{channels}）",
                    "The customer agreed to marketing, but by none of the channels of this action ({channels})",
                ),
                rule=Rule("MARKETING-1", Text("《广告法》第四十三条", "Advertising Law article 43"), "A"),
            ),
            Gate(
                code="consent_unknown",
                stage="policy",
                passes=lambda view, at: _recorded(view) | ibis.literal(at.unknown == "allow"),
                reason=_SAID,
                rule=Rule("MARKETING-2", Text("《广告法》第四十三条", "Advertising Law article 43"), "A"),
            ),
        ),
        grounds=(
            Ground(
                code="consent_by_setting",
                holds=lambda view, at: ~_recorded(view) & ibis.literal(at.unknown == "allow"),
                text=_SAID,
            ),
        ),
        about=lambda at, offer: replace(at, channels=", ".join(offer.channels)),
    )
)
