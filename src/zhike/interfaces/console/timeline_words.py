"""The words for what the timeline shows: the codes of its tables, what contacts were about, why a card was blocked.

Topic, cause and detail are the source's words. Those of the systems that this product reads have words here (tested);
another is shown as it is.
"""

from zhike.core.text import Text
from zhike.decide.offers import offers
from zhike.interfaces.console import codes
from zhike.operations.service.codes import CAUSES

# Subjects of calls, chats and visits; pages of the app.
_SUBJECTS = {
    "login": Text("登录", "Log-in"),
    "view": Text("浏览页面", "Page viewed"),
    "click": Text("点击", "Click"),
    "chat": Text("在线咨询", "Chat"),
    "message": Text("消息", "Message"),
    "balance": Text("账单与额度查询", "Balance enquiry"),
    "repayment": Text("还款事项", "Repayment"),
    "points": Text("积分", "Points"),
    "offers": Text("优惠活动", "Offers"),
    "limit": Text("额度事项", "Credit limit"),
    "instalment": Text("分期事项", "Instalments"),
    "card_delivery": Text("卡片寄送", "Card delivery"),
    "application": Text("办卡申请", "Card application"),
    "fees": Text("费用与利息", "Fees and interest"),
    "fraud": Text("挂失与争议", "Loss, fraud and disputes"),
    "app_fault": Text("手机银行故障", "App fault"),
    "travel": Text("境外用卡", "Travel and use abroad"),
    "closure": Text("销户事项", "Account closure"),
    "complaint": Text("表达不满", "Dissatisfaction"),
    "withdrawal": Text("自助机取款", "Withdrawal at a machine"),
    "wrong_pin": Text("自助机密码错误", "Wrong PIN at a machine"),
    "card_retained": Text("自助机吞卡", "Card retained by a machine"),
}

# Offers by their names in campaigns; of the offer types of this product the registry has the titles.
_CAMPAIGNS = {
    "binding_gift": Text("绑卡礼", "Binding gift"),
    "category_cashback": Text("品类返现", "Category cash-back"),
    "purchase_instalment": Text("大额消费分期", "Large-purchase instalment"),
    "cash_instalment": Text("现金分期", "Cash instalment"),
    "limit_increase": Text("提额邀请", "Limit increase"),
    "temporary_limit": Text("临时额度", "Temporary limit"),
    "fee_waiver": Text("年费减免", "Annual-fee waiver"),
    "rate_discount": Text("利率优惠", "Rate discount"),
    "overseas_pack": Text("境外用卡礼包", "Overseas pack"),
    "upgrade": Text("卡片升级", "Card upgrade"),
    "retention": Text("挽留关怀", "Retention"),
    "orderly_closure": Text("有序销户", "Orderly closure"),
    "autopay_setup": Text("自动还款设置", "Autopay set-up"),
    "loan_referral": Text("贷款推荐", "Loan referral"),
    "wealth_referral": Text("理财推荐", "Wealth referral"),
}


# Why a card was blocked, closed or replaced; the wallet that it was bound to.
_CARD_DETAILS = {
    "ARREARS": Text("逾期", "Arrears"),
    "REQUEST": Text("客户要求", "At the holder's request"),
    "SILENT": Text("长期不用", "Long unused"),
    "LOST": Text("挂失", "Lost"),
    "FRAUD": Text("疑似盗用", "Suspected fraud"),
    "WX": Text("微信支付", "WeChat Pay"),
    "ZF": Text("支付宝", "Alipay"),
    "YS": Text("云闪付", "UnionPay app"),
    "SJ": Text("手机钱包", "Phone wallet"),
}

# Causes as other systems name them; those of complaints taken in here stand beside the complaint.
_CAUSES = {
    "marketing_calls": Text("营销骚扰", "Unwanted marketing"),
    "card_application": Text("申请与审批", "Application and approval"),
    "fraud_dispute": Text("盗用与交易争议", "Fraud and disputes"),
    "app": Text("手机银行", "App"),
    "points": Text("积分与权益", "Points and benefits"),
    "staff": Text("服务态度", "Conduct of staff"),
    "instalments": Text("分期业务", "Instalments"),
}


def title(table: str, kind: str) -> Text | None:
    """The words for an entry of a table; None where only its source knows what it means."""
    known = codes.KINDS.get(table, {}).get(kind)
    return known or (_topic(kind) if table == "interaction" else None)


def detail(table: str, code: str | None) -> Text | None:
    """The words for what stands beside an entry; None for a name (of a merchant, of a product) and the like."""
    known = {"interaction": codes.OUTCOMES, "card_event": _CARD_DETAILS, "complaint": CAUSES | _CAUSES}
    return known.get(table, {}).get(code or "")


def _topic(code: str) -> Text | None:
    if code in _SUBJECTS:
        return _SUBJECTS[code]
    types = offers.all()
    offered = types[code].title if code in types else _CAMPAIGNS.get(code)
    return Text(f"营销：{offered.zh}", f"Offer: {offered.en}") if offered else None
