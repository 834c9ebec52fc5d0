"""The words for codes of the canonical tables, as the timeline and lists show them.

A code that has no words here is shown as it is: sources may say more than the canonical tables name (a merchant's
name). Every code of the timeline's tables has words (tested); what else a timeline shows has them in `timeline_words`.
"""

from functools import cache
from typing import Any

from zhike.core.text import Locale, Text
from zhike.data.features import features
from zhike.data.merchant_classes import CLASSES
from zhike.data.segments import classifications, named_segments
from zhike.data.themes import theme
from zhike.interfaces.console.formatting import Figure, measured

ICONS = {
    "purchase": "shopping-bag", "refund": "undo-2", "cash_advance": "banknote", "withdrawal": "banknote",
    "deposit": "wallet", "salary": "briefcase", "transfer_in": "arrow-down", "transfer_out": "arrow-up",
    "payment": "circle-check", "posting": "percent", "card_event": "credit-card", "application": "file-text",
    "interaction": "message-square", "complaint": "flag", "transaction": "receipt",
}  # fmt: skip

KINDS: dict[str, dict[str, Text]] = {
    "transaction": {
        "purchase": Text("消费", "Purchase"),
        "refund": Text("退款", "Refund"),
        "cash_advance": Text("取现", "Cash advance"),
        "withdrawal": Text("取款", "Withdrawal"),
        "deposit": Text("存入", "Deposit"),
        "transfer_in": Text("转入", "Transfer in"),
        "transfer_out": Text("转出", "Transfer out"),
        "salary": Text("工资入账", "Salary"),
    },
    "posting": {
        "interest": Text("利息", "Interest"),
        "annual_fee": Text("年费", "Annual fee"),
        "late_fee": Text("滞纳金", "Late fee"),
        "cash_advance_fee": Text("取现手续费", "Cash advance fee"),
        "instalment_interest": Text("分期利息", "Instalment interest"),
        "service_fee": Text("服务费", "Service fee"),
        "penalty_interest": Text("罚息", "Penalty interest"),
        "credit_interest": Text("存款利息", "Interest earned"),
        "waiver": Text("减免", "Waiver"),
        "charge_off": Text("核销", "Charge-off"),
        "recovery": Text("核销收回", "Recovery"),
        "adjustment": Text("账务调整", "Adjustment"),
    },
    "payment": {"payment": Text("还款", "Payment")},
    "card_event": {
        "approved": Text("卡片获批", "Card approved"),
        "issued": Text("发卡", "Card issued"),
        "mailed": Text("卡片寄出", "Card mailed"),
        "delivered": Text("卡片送达", "Card delivered"),
        "activated": Text("卡片激活", "Card activated"),
        "bound": Text("绑定支付钱包", "Bound to a wallet"),
        "blocked": Text("卡片锁定", "Card blocked"),
        "unblocked": Text("卡片解锁", "Card unblocked"),
        "replaced": Text("换卡", "Card replaced"),
        "closed": Text("销卡", "Card closed"),
    },
    "application": {
        "received": Text("申请受理", "Application received"),
        "approved": Text("申请通过", "Application approved"),
        "refused": Text("申请未通过", "Application refused"),
        "withdrawn": Text("申请撤回", "Application withdrawn"),
    },
    "interaction": {
        "marketing": Text("营销触达", "Marketing contact"),
        "service": Text("服务联系", "Service contact"),
        "collections": Text("催收联系", "Collections contact"),
        "digital": Text("线上访问", "Online visit"),
    },
    "complaint": {
        "received": Text("收到投诉", "Complaint received"),
        "answered": Text("答复投诉", "Complaint answered"),
        "reviewed": Text("投诉复核", "Complaint reviewed"),
        "closed": Text("投诉办结", "Complaint closed"),
    },
}

CHANNELS = {
    "pos": Text("刷卡机", "POS"),
    "online": Text("线上", "Online"),
    "wallet": Text("支付钱包", "Wallet"),
    "atm": Text("自助机", "ATM"),
    "branch": Text("网点", "Branch"),
    "phone": Text("电话", "Phone"),
    "app": Text("手机银行", "App"),
    "sms": Text("短信", "Text message"),
    "email": Text("邮件", "E-mail"),
    "mail": Text("信函", "Mail"),
    "transfer": Text("转账", "Transfer"),
    "other": Text("其他", "Other"),
}

OUTCOMES = {
    "planned": Text("计划中", "Planned"),
    "sent": Text("已发送", "Sent"),
    "delivered": Text("已送达", "Delivered"),
    "answered": Text("已接通", "Answered"),
    "failed": Text("未成功", "Failed"),
    "done": Text("已完成", "Done"),
}

OWNERS = {
    "product": Text("产品部", "Product"),
    "marketing": Text("营销部", "Marketing"),
    "risk": Text("风险部", "Risk"),
    "finance": Text("财务部", "Finance"),
    "consumer protection": Text("消费者权益保护部", "Consumer protection"),
}

VALUES: dict[str, dict[str, Text]] = {
    "sex": {"female": Text("女", "Female"), "male": Text("男", "Male")},
    "city_tier": {
        "1": Text("一线城市", "Tier 1"),
        "2": Text("二线城市", "Tier 2"),
        "3": Text("三线城市", "Tier 3"),
        "4": Text("四线及以下", "Tier 4 and below"),
        "rural": Text("县域与乡村", "County and rural"),
    },
    "occupation": {
        "civil_servant": Text("公务与事业单位人员", "Civil servant"),
        "professional": Text("专业技术人员", "Professional"),
        "clerk": Text("办事人员", "Clerk"),
        "shop_and_service": Text("商业与服务人员", "Shop and service"),
        "production_and_transport": Text("生产与运输人员", "Production and transport"),
        "farming": Text("农林牧渔人员", "Farming"),
        "own_business": Text("自营业主", "Own business"),
        "student": Text("学生", "Student"),
        "retired": Text("退休", "Retired"),
        "manager": Text("企业管理人员", "Manager"),
    },
    "target_group": {
        "young_digital": Text("年轻数字客群", "Young and digital"),
        "stable_middle": Text("稳健中产", "Stable middle class"),
        "high_end": Text("高净值客群", "High-end"),
        "rural_county": Text("县域与乡村客群", "Rural and county"),
        "older": Text("中老年客群", "Older"),
        "small_business": Text("小微业主", "Small-business owners"),
        "first_job": Text("学生与职场新人", "Students and first-jobbers"),
    },
    "income_band": {
        "under_50k": Text("5万元以下", "Under 50,000"),
        "50k_to_100k": Text("5万至10万元", "50,000 to 100,000"),
        "100k_to_200k": Text("10万至20万元", "100,000 to 200,000"),
        "200k_to_500k": Text("20万至50万元", "200,000 to 500,000"),
        "over_500k": Text("50万元以上", "Over 500,000"),
    },
    "marital_status": {"single": Text("未婚", "Single"), "married": Text("已婚", "Married")},
    "risk_preference": {
        "C1": Text("保守型（C1）", "Conservative (C1)"),
        "C2": Text("稳健型（C2）", "Steady (C2)"),
        "C3": Text("平衡型（C3）", "Balanced (C3)"),
        "C4": Text("成长型（C4）", "Growth (C4)"),
        "C5": Text("进取型（C5）", "Aggressive (C5)"),
    },
    "favourite_class_90d": {each.name: each.title for each in CLASSES},
    "preferred_channel": CHANNELS,
    "marketing_consent": {
        "given": Text("已同意", "Given"),
        "withdrawn": Text("已撤回", "Withdrawn"),
        "unknown": Text("无记录", "Not recorded"),
    },
}
VALUES["target_group_suggested"] = VALUES["target_group"]

_ID = Text("客户", "Customer")


@cache
def _titles() -> dict[str, Text]:
    """Of all columns of the customer view: a page shows hundreds of them."""
    found = {"customer_id": _ID} | {segment.column: segment.title for segment in named_segments()}
    return found | {entry.name: entry.title for entry in (*classifications(), *features)}


@cache
def _units() -> dict[str, str]:
    return {feature.name: feature.unit for feature in features}


@cache
def _themes() -> dict[str, str]:
    return {feature.name: theme(feature) for feature in features}


def column_title(name: str) -> Text:
    """The title of a column of the customer view: a feature, a classification, a segment or the customer's id."""
    return _titles().get(name) or Text(name, name)


def column_unit(name: str) -> str:
    """The unit of a column of the customer view: ``cents``, ``days`` …; empty when it has none."""
    return _units().get(name, "")


def column_theme(name: str) -> str:
    """What a column of the customer view speaks of, one of `zhike.data.themes.THEMES`."""
    return _themes().get(name, "relation")


@cache
def value_title(column: str, value: str) -> Text | None:
    """The words of a label or code in a column; None when it has none and is shown as it is."""
    for entry in classifications():
        if entry.name == column:
            return next((label.title for label in entry.labels if label.name == value), None)
    return VALUES.get(column, {}).get(value)


def shown_value(column: str, value: Any, currency: str | None, locale: Locale) -> Figure:
    """A value of the customer view as a figure: labels and codes in words, amounts and counts by unit, null as —."""
    words = value_title(column, value) if isinstance(value, str) else None
    if words is not None:
        return Figure(words.in_(locale))
    return measured(value, column_unit(column), currency, locale)
