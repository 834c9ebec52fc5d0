"""General news (通用活动): what the bank tells every card holder alike, for who refused personal choices."""

from dataclasses import dataclass

import ibis

from zhike.core.text import Text
from zhike.data.assumption import assumption
from zhike.decide.arithmetic import cents
from zhike.decide.offer import Economics, Gate, Ground, OfferType
from zhike.decide.offers import offers


@dataclass(frozen=True)
class Parameters:
    """The same for everybody: nothing here looks at the customer."""

    response_bp: int = assumption(40, "bp", Text("响应率", "Response"), owner="marketing")
    margin_cents: int = assumption(12_000, "cents", Text("响应毛利", "Margin of a response"), owner="finance")
    loss_cents: int = assumption(500, "cents", Text("预期损失", "Expected loss"), owner="risk")
    channel_cents: int = assumption(30, "cents", Text("触达成本", "Cost of contact"), owner="marketing")


def _economics(_view: ibis.Table, at: Parameters) -> Economics:
    return Economics(
        response_bp=cents(at.response_bp),
        margin_cents=cents(at.margin_cents),
        incentive_cents=cents(0),
        loss_cents=cents(at.loss_cents),
        channel_cents=cents(at.channel_cents),
    )


GENERAL_NEWS = offers.register(
    OfferType(
        name="general_news",
        title=Text("通用活动", "General news"),
        meaning=Text(
            "面向全部持卡客户、内容相同的用卡活动，不按个人信息挑选",
            "The same card news for every holder, not chosen by personal data",
        ),
        owner="marketing",
        parameters=Parameters(),
        economics=_economics,
        channels=("app", "sms", "email"),
        personal=False,
        gates=(
            Gate(
                "holds_no_card", "eligible", lambda view, _: view.cards_held > 0,
                Text("名下没有卡", "Holds no card"),
            ),
            Gate(
                "personalisation_on", "applicable", lambda view, _: view.consent_personalisation.fill_null(1) == 0,
                Text(
                    "客户未拒绝个性化推荐：按个人情况决策",
                    "The customer has not refused personalisation: what is offered is chosen for them",
                ),
            ),
        ),
        grounds=(
            Ground(
                "default_for_all", lambda view, _: view.consent_personalisation == 0,
                Text(
                    "客户已拒绝个性化推荐：提供不针对个人特征的默认内容（《个人信息保护法》第二十四条）",
                    "The customer has refused personalisation: the default that is the same for all (PIPL article 24)",
                ),
            ),
        ),
    )
)  # fmt: skip
