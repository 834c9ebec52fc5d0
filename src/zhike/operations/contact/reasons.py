"""Why a contact may not be made: each code with its words, its rule and the article behind it (DOMAIN section 3)."""

from typing import Any

from zhike.core.text import Text
from zhike.decide.offer import Rule
from zhike.operations.contact.shapes import Reason

CHANNELS: dict[str, Text] = {
    "sms": Text("短信", "text message"),
    "phone": Text("电话", "phone"),
    "app": Text("手机银行", "app"),
    "email": Text("邮件", "e-mail"),
    "wallet": Text("钱包", "wallet"),
    "mail": Text("信函", "letter"),
    "branch": Text("网点", "branch"),
}
_CONSENT = Text("《个人信息保护法》第十五条，《广告法》第四十三条", "PIPL article 15, Advertising Law article 43")
_UNASKED = Text("《广告法》第四十三条", "Advertising Law article 43")
_OWN = Text("本行规则", "The bank's own rule")
_GUIDES = Text("已公布的催收指引，从严", "The published guides on collections, the strictest of them")

_REASONS: dict[str, tuple[Rule, Text]] = {
    "consent_withdrawn": (
        Rule("MARKETING-1", _CONSENT, "A"),
        Text("客户已撤回对{channel}营销的同意", "The customer has withdrawn consent to marketing by {channel}"),
    ),
    "consent_expired": (
        Rule("MARKETING-1", _CONSENT, "A"),
        Text("客户对{channel}营销的同意已到期", "The customer's consent to marketing by {channel} has expired"),
    ),
    "consent_unknown": (
        Rule("MARKETING-2", _UNASKED, "A"),
        Text("没有客户同意{channel}营销的记录", "No consent to marketing by {channel} is recorded"),
    ),
    "cap_channel": (
        Rule("CONTACT-1", _OWN, "C"),
        Text(
            "{days} 天内{channel}营销触达已有或已计划 {used} 次，上限 {cap} 次",
            "{used} marketing contacts by {channel} within {days} days already, made or planned; at most {cap}",
        ),
    ),
    "cap_all": (
        Rule("CONTACT-1", _OWN, "C"),
        Text(
            "{days} 天内各渠道营销触达已有或已计划 {used} 次，上限 {cap} 次",
            "{used} marketing contacts within {days} days already, made or planned; at most {cap}",
        ),
    ),
    "marketing_hours": (
        Rule("CONTACT-2", _OWN, "C"),
        Text("当地 {at}，该渠道营销限 {first}:00–{last}:00", "At {at} local; marketing by it is {first}:00–{last}:00"),
    ),
    "complaint_open": (
        Rule(
            "COMPLAINT-1",
            Text("本行规则（未结投诉静默）", "The bank's own rule (an open complaint mutes selling)"),
            "C",
        ),
        Text("有未结投诉，结案前不营销", "A complaint is open; no selling until it is closed"),
    ),
    "arrears": (
        Rule("ARREARS-1", Text("本行规则（M1+ 静默）", "The bank's own rule (M1+ mutes selling)"), "C"),
        Text("逾期 {days} 天，不营销", "{days} days past due; no selling"),
    ),
    "collections_hours": (
        Rule("COLLECTIONS-1", _GUIDES, "A"),
        Text(
            "当地 {at}，催收限 {first}:00–{last}:00，债务人同意的除外",
            "At {at} local; collections are {first}:00–{last}:00 unless the debtor agreed",
        ),
    ),
    "collections_calls": (
        Rule("COLLECTIONS-2", _GUIDES, "A"),
        Text(
            "当日有效或进行中的催收通话已有 {used} 次，本行与外包机构合计上限 {cap} 次",
            "{used} informative calls that day, those under way included; at most {cap}, bank and agencies together",
        ),
    ),
    "collections_unanswered": (
        Rule("COLLECTIONS-3", _GUIDES, "A"),
        Text(
            "该号码当日未接或进行中的拨打已有 {used} 次，上限 {cap} 次",
            "{used} unanswered attempts to this number that day, those under way included; at most {cap}",
        ),
    ),
    "collections_cycle": (
        Rule("COLLECTIONS-4", _GUIDES, "B"),
        Text(
            "距另一轮催收仅 {gap} 天，两轮至少间隔 {days} 天",
            "{gap} days from a contact of another cycle; at least {days} days between cycles",
        ),
    ),
}
CODES = frozenset(_REASONS)
# What a rule that was broken is called where there is room for a few words only.
TITLES: dict[str, Text] = {
    "consent_withdrawn": Text("已撤回同意", "Consent withdrawn"),
    "consent_expired": Text("同意已到期", "Consent expired"),
    "consent_unknown": Text("无同意记录", "No consent recorded"),
    "cap_channel": Text("超出单渠道上限", "Over the cap of a channel"),
    "cap_all": Text("超出合计上限", "Over the cap of all channels"),
    "marketing_hours": Text("营销时段之外", "Outside marketing hours"),
    "complaint_open": Text("投诉未结", "Complaint open"),
    "arrears": Text("逾期静默", "In arrears"),
    "collections_hours": Text("催收时段之外", "Outside collection hours"),
    "collections_calls": Text("超出每日通话上限", "Too many calls that day"),
    "collections_unanswered": Text("超出每日拨打上限", "Too many attempts that day"),
    "collections_cycle": Text("催收间隔不足", "Too soon after another cycle"),
}


def reason(code: str, **params: Any) -> Reason:
    """One reason with its parameters."""
    rule, text = _REASONS[code]
    return Reason(code, params, rule, text)
