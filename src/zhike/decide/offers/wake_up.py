"""Wake-up (沉睡唤醒): a small reward for coming back, while coming back is still likely."""

from dataclasses import dataclass

import ibis

from zhike.core.text import Text
from zhike.data.assumption import assumption
from zhike.decide.arithmetic import bounded, cents, share
from zhike.decide.offer import Economics, Gate, Ground, OfferType
from zhike.decide.offers import offers

ASLEEP = ("inactive", "pre_dormant", "dormant", "regulatory_dormant")


@dataclass(frozen=True)
class Parameters:
    """Response falls with silence; the margin is that of the year after waking."""

    silence_max_days: int = assumption(1_095, "days", Text("静默天数上限", "Silent for at most"), owner="marketing")
    response_inactive_bp: int = assumption(500, "bp", Text("不活跃响应率", "Response, inactive"), owner="marketing")
    response_pre_dormant_bp: int = assumption(
        350, "bp", Text("准睡眠响应率", "Response, pre-dormant"), owner="marketing"
    )
    response_dormant_bp: int = assumption(200, "bp", Text("睡眠响应率", "Response, dormant"), owner="marketing")
    response_regulatory_bp: int = assumption(
        80, "bp", Text("长期睡眠响应率", "Response, dormant by regulation"), owner="marketing"
    )
    margin_bp: int = assumption(90, "bp", Text("消费毛利率", "Margin over spend"), owner="finance")
    margin_least_cents: int = assumption(
        8_000, "cents", Text("唤醒后年毛利下限", "Margin of the year after waking, at least"), owner="finance"
    )
    reward_cents: int = assumption(1_000, "cents", Text("唤醒礼成本", "Cost of the reward"), owner="marketing")
    loss_cents: int = assumption(500, "cents", Text("预期损失", "Expected loss"), owner="risk")
    channel_cents: int = assumption(30, "cents", Text("触达成本", "Cost of contact"), owner="marketing")


def _economics(view: ibis.Table, at: Parameters) -> Economics:
    return Economics(
        response_bp=ibis.cases(
            (view.stage == "inactive", cents(at.response_inactive_bp)),
            (view.stage == "pre_dormant", cents(at.response_pre_dormant_bp)),
            (view.stage == "dormant", cents(at.response_dormant_bp)),
            else_=cents(at.response_regulatory_bp),
        ),
        margin_cents=ibis.greatest(
            share(bounded(view.spend_365d_cents.fill_null(0)), at.margin_bp), cents(at.margin_least_cents)
        ),
        incentive_cents=cents(at.reward_cents),
        loss_cents=cents(at.loss_cents),
        channel_cents=cents(at.channel_cents),
    )


WAKE_UP = offers.register(
    OfferType(
        name="wake_up",
        title=Text("沉睡唤醒", "Wake-up"),
        meaning=Text(
            "静默6个月以上、不超过 {silence_max_days} 天的客户，再次用卡即有礼",
            "A reward for using the card again after 6 months or more, at most {silence_max_days} days, of silence",
        ),
        owner="marketing",
        parameters=Parameters(),
        economics=_economics,
        channels=("sms", "app", "phone"),
        gates=(
            Gate(
                "no_open_account", "eligible", lambda view, _: view.accounts_open > 0,
                Text("没有在用账户", "Has no open account"),
            ),
            Gate(
                "never_used", "applicable", lambda view, _: view.days_since_last_use.notnull(),
                Text("从未有过主动交易，谈不上唤醒", "Never made a transaction: nothing to wake"),
            ),
            Gate(
                "not_asleep", "applicable", lambda view, _: view.stage.isin(ASLEEP),
                Text(
                    "生命周期为“{stage}”，距上次用卡 {days_since_last_use} 天",
                    "The stage is {stage}; the last use was {days_since_last_use} days ago",
                ),
            ),
            Gate(
                "silent_too_long", "suitable", lambda view, at: view.days_since_last_use <= at.silence_max_days,
                Text(
                    "静默 {days_since_last_use} 天，超过 {silence_max_days} 天，宜有序销户",
                    "Silent for {days_since_last_use} days, more than {silence_max_days}: close it in order",
                ),
                unknown="passes",  # never used: refused by its own gate
            ),
        ),
        grounds=(
            Ground(
                "asleep", lambda view, _: view.stage.isin(ASLEEP),
                Text(
                    "已 {days_since_last_use} 天未使用（{stage}）",
                    "Not used for {days_since_last_use} days ({stage})",
                ),
            ),
        ),
    )
)  # fmt: skip
