"""Life-cycle stage: from the first card to silence (DOMAIN sections 1 and 2).

Silence is the days since the last customer-initiated transaction on credit accounts (who holds none: on any account);
of a customer who never made one, the days since the newest card was issued, else since the first account was opened.
So salaries that come in do not wake a sleeping card, and depositors and buyers without a card have a stage too.
"""

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from zhike.core.text import Text
from zhike.data.assumption import assumption
from zhike.data.segments import Classification, Label, segments


@dataclass(frozen=True)
class Thresholds:
    """Days of silence, the bank's own (no standard exists) but for the 18 months of the notice of 2022-07-07."""

    new_days: int = assumption(90, "days", Text("新客户期", "New customer for"), owner="product")
    slipping_days: int = assumption(90, "days", Text("静默3个月：滑落", "3 months: slipping"), owner="product")
    inactive_days: int = assumption(181, "days", Text("静默6个月：不活跃", "6 months: inactive"), owner="product")
    pre_dormant_days: int = assumption(273, "days", Text("静默9个月：准睡眠", "9 months: pre-dormant"), owner="product")
    dormant_days: int = assumption(365, "days", Text("静默12个月：睡眠", "12 months: dormant"), owner="product")
    regulatory_days: int = assumption(
        548, "days", Text("静默18个月：监管长期睡眠", "18 months: dormant by regulation"), owner="risk"
    )


def silence_days(view: ibis.Table) -> ir.IntegerValue:
    """Days without a customer-initiated transaction; null when the customer holds nothing that we know of."""
    return view.days_since_last_use.coalesce(view.days_since_card_issued, view.tenure_days)


def _never_used(view: ibis.Table, at: Thresholds) -> ir.BooleanValue:
    """Has a card and made no transaction, and is not yet silent for so long that care comes too late."""
    return (view.cards_held > 0) & view.days_since_last_use.isnull() & (silence_days(view) <= at.dormant_days)


def _owes(view: ibis.Table) -> ir.BooleanValue:
    return view.owed_cents.fill_null(0) > 0


def _active(view: ibis.Table, at: Thresholds) -> ir.BooleanValue:
    """Recently used; or known by statements only (no transaction delivered) and with a balance to pay."""
    by_statement = view.days_since_last_use.isnull() & _owes(view)
    return (silence_days(view) <= at.slipping_days).fill_null(False) | by_statement


STAGE = segments.register(
    Classification(
        name="stage",
        title=Text("生命周期", "Life-cycle stage"),
        meaning=Text(
            "按主动交易的静默天数：{slipping_days} 天内活跃，之后依次为滑落、{inactive_days} 天不活跃、"
            "{pre_dormant_days} 天准睡眠、{dormant_days} 天睡眠、{regulatory_days} 天且无欠款为监管长期睡眠；"
            "从未用卡的分为已发卡与已激活，开户 {new_days} 天内为新客户",
            "By days without a customer-initiated transaction: active within {slipping_days}, then slipping, inactive "
            "after {inactive_days}, pre-dormant after {pre_dormant_days}, dormant after {dormant_days}, dormant by "
            "regulation after {regulatory_days} with nothing owed; cards never used are issued or activated; new "
            "within {new_days} days of the first account",
        ),
        owner="product",
        thresholds=Thresholds(),
        needs=(
            "accounts_open", "accounts_closed", "cards_held", "cards_activated", "days_since_card_issued",
            "days_since_last_use", "tenure_days", "owed_cents",
        ),
        labels=(
            Label("closed", Text("已销户", "Closed"), lambda v, _: (v.accounts_open == 0) & (v.accounts_closed > 0)),
            Label(
                "issued", Text("已发卡未激活", "Issued, not activated"),
                lambda v, at: _never_used(v, at) & ~_owes(v) & (v.cards_activated == 0),
            ),
            Label(
                "activated", Text("已激活未使用", "Activated, not used"),
                lambda v, at: _never_used(v, at) & ~_owes(v) & (v.cards_activated > 0),
            ),
            Label(
                "new", Text("新客户", "New"),
                lambda v, at: (v.tenure_days <= at.new_days) & (silence_days(v) <= at.slipping_days),
            ),
            Label("active", Text("活跃", "Active"), _active),
            Label("slipping", Text("滑落", "Slipping"), lambda v, at: silence_days(v) <= at.inactive_days),
            Label("inactive", Text("不活跃", "Inactive"), lambda v, at: silence_days(v) <= at.pre_dormant_days),
            Label("pre_dormant", Text("准睡眠", "Pre-dormant"), lambda v, at: silence_days(v) <= at.dormant_days),
            Label(
                "dormant", Text("睡眠", "Dormant"),
                lambda v, at: (silence_days(v) <= at.regulatory_days) | _owes(v),
            ),
            Label(
                "regulatory_dormant", Text("监管长期睡眠", "Dormant by regulation"),
                lambda v, at: silence_days(v) > at.regulatory_days,
            ),
            Label("unknown", Text("未知", "Not known")),
        ),
    )
)  # fmt: skip
