"""First-use gift (首刷礼): a new card that waits for its first purchase."""

from dataclasses import dataclass

import ibis

from zhike.core.text import Text
from zhike.data.assumption import assumption
from zhike.decide.arithmetic import bounded, cents, share
from zhike.decide.offer import Economics, Gate, Ground, OfferType
from zhike.decide.offers import offers


@dataclass(frozen=True)
class Parameters:
    """Rates are the bank's planning figures until the campaign is measured against a control group."""

    card_age_max_days: int = assumption(180, "days", Text("发卡天数上限", "Card issued within"), owner="marketing")
    response_activated_bp: int = assumption(
        1_200, "bp", Text("已激活客户响应率", "Response, card activated"), owner="marketing"
    )
    response_issued_bp: int = assumption(
        500, "bp", Text("未激活客户响应率", "Response, not activated"), owner="marketing"
    )
    limit_used_bp: int = assumption(
        5_000, "bp", Text("首年消费占额度", "First-year spend over the limit"), owner="finance"
    )
    spend_default_cents: int = assumption(
        600_000, "cents", Text("额度未知时首年消费", "First-year spend where no limit is known"), owner="finance"
    )
    spend_max_cents: int = assumption(
        3_000_000, "cents", Text("首年消费上限", "First-year spend at most"), owner="finance"
    )
    margin_bp: int = assumption(90, "bp", Text("消费毛利率", "Margin over spend"), owner="finance")
    loss_bp: int = assumption(20, "bp", Text("预期损失率", "Expected loss over spend"), owner="risk")
    gift_cents: int = assumption(2_000, "cents", Text("首刷礼成本", "Cost of the gift"), owner="marketing")
    channel_cents: int = assumption(30, "cents", Text("触达成本", "Cost of contact"), owner="marketing")


def _economics(view: ibis.Table, at: Parameters) -> Economics:
    by_limit = share(bounded(view.limit_cents), at.limit_used_bp)
    spend = ibis.least(by_limit.fill_null(at.spend_default_cents), cents(at.spend_max_cents))
    return Economics(
        response_bp=ibis.ifelse(
            view.cards_activated.fill_null(0) > 0, cents(at.response_activated_bp), cents(at.response_issued_bp)
        ),
        margin_cents=share(spend, at.margin_bp),
        incentive_cents=cents(at.gift_cents),
        loss_cents=share(spend, at.loss_bp),
        channel_cents=cents(at.channel_cents),
    )


FIRST_USE_GIFT = offers.register(
    OfferType(
        name="first_use_gift",
        title=Text("首刷礼", "First-use gift"),
        meaning=Text(
            "发卡 {card_age_max_days} 天内未用卡的客户，完成首笔消费即赠礼",
            "A gift for the first purchase with a card issued within {card_age_max_days} days",
        ),
        owner="marketing",
        parameters=Parameters(),
        economics=_economics,
        channels=("app", "sms", "wallet"),
        gates=(
            Gate(
                "no_card", "eligible", lambda view, _: view.cards_held > 0,
                Text("名下没有卡", "Holds no card"),
            ),
            Gate(
                "card_not_new", "applicable", lambda view, at: view.days_since_card_issued <= at.card_age_max_days,
                Text(
                    "最近一张卡已发 {days_since_card_issued} 天，超过 {card_age_max_days} 天",
                    "The newest card was issued {days_since_card_issued} days ago, more than {card_age_max_days}",
                ),
                unknown="passes",  # only without a card, which the gate before refuses
            ),
            Gate(
                "card_in_use", "applicable", lambda view, _: view.spend_365d_cents <= 0,
                Text("近一年已消费 {spend_365d_cents}", "Spent {spend_365d_cents} in the last year already"),
            ),
            Gate(
                "no_limit", "suitable", lambda view, _: view.limit_cents > 0,
                Text("信用额度为 {limit_cents}，卡不可用", "The limit is {limit_cents}: the card cannot be used"),
                unknown="passes",  # debit cards have none
            ),
        ),
        grounds=(
            Ground(
                "waits_activated", lambda view, _: view.cards_activated > 0,
                Text(
                    "卡已激活，发卡 {days_since_card_issued} 天仍未使用",
                    "Activated and unused {days_since_card_issued} days after issue",
                ),
            ),
            Ground(
                "waits_issued", lambda view, _: view.cards_activated == 0,
                Text(
                    "发卡 {days_since_card_issued} 天，尚未激活",
                    "Not activated {days_since_card_issued} days after issue",
                ),
            ),
        ),
    )
)  # fmt: skip
