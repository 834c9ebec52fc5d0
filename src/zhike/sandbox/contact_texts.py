"""What people write and what agents note: texts made from parts, in Chinese and English, with a few that bite.

`COMPLAINTS` and `NOTES` are lists; what happened in the world names a text by its position.
"""

from itertools import product

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox.dialogue import CAUSES, TOPICS
from zhike.sandbox.dice import Rolls

Ints = NDArray[np.int64]

_OPENINGS = ("你好,", "本人持卡多年,", "请核实:", "", "我要投诉,", "再次反映,上次没有答复:")
_ENDINGS = ("请尽快处理。", "请给我一个书面答复。", "要求退还并道歉。", "否则我将向监管部门反映。", "希望改进,谢谢。")
_BODIES = {
    "fees": (
        "账单里多了一笔年费,办卡时说免年费", "取现手续费没有事先告知", "违约金收得不合理,我只晚了一天",
        "利息比我算的多出不少", "已经打电话申请减免,账单上仍然扣了费",
    ),
    "collections": (
        "催收电话一天打了五六次", "催收打到我单位,同事都知道了", "晚上十点以后还接到催收电话", "欠款已经还清,仍被催收",
        "催收人员语气恶劣,威胁我",
    ),
    "marketing_calls": (
        "每周都接到分期推销电话", "已经明确拒绝,营销短信还是不停", "我从来没有同意过营销电话",
        "开会时连续接到三个推销电话", "退订短信回复了T也没有用",
    ),
    "card_application": (
        "申请信用卡一个月没有结果", "审批被拒,不说明原因", "卡片寄出后一直没有收到",
        "资料交了三次还要补", "办卡进度在手机上查不到",
    ),
    "fraud_dispute": (
        "有一笔消费不是我本人做的", "境外盗刷,争议处理太慢", "卡被盗用后迟迟不退款",
        "商户重复扣款两次", "没有收到验证码就被扣款",
    ),
    "app": (
        "手机银行登录总是失败", "更新以后看不到账单", "还款成功页面卡住,钱扣了额度没有恢复", "人脸识别十次都不通过",
        "老人看不清字,找不到人工",
    ),
    "points": (
        "积分无故被清零", "兑换的礼品一直不发货", "活动达标了没有给奖励", "积分规则改了没有通知", "说好的返现没有到账",
    ),
    "staff": (
        "网点柜员态度冷淡", "客服转来转去,没有人负责", "客户经理答应的事情没有下文", "排队一个小时,窗口只开一个",
        "客服听不懂我说的问题",
    ),
    "instalments": (
        "没有同意就给我做了分期", "提前还款还要收剩余利息", "分期利率和电话里说的不一样", "取消分期一直办不下来",
        "首页没有写明年化利率",
    ),
    "limit": (
        "额度无缘无故被降", "没有逾期,申请提额被拒", "临时额度到期没有提醒",
        "没有经过我同意就提高了额度", "额度被冻结,出差付不了房费",
    ),
}  # fmt: skip
_OPENINGS_EN = ("Hello, ", "I have been a customer for years: ", "For the third time: ", "")
_ENDINGS_EN = (". Please reply in writing.", ". I want my money back.", ". I will go to the regulator.")
_BODIES_EN = {
    "fees": ("an annual fee that I was told was waived", "a late fee for being one day late"),
    "collections": ("six collection calls in one day", "your collector called my office"),
    "marketing_calls": ("stop calling me about instalments", "I opted out and still get your messages"),
    "card_application": ("my application has been open for a month", "refused without any reason"),
    "fraud_dispute": ("this purchase was not mine", "the same shop charged me twice"),
    "app": ("the app logs me out every time", "the repayment page froze, the money is gone"),
    "points": ("my points vanished", "the cashback never arrived"),
    "staff": ("the teller was rude", "nobody at the hotline feels responsible"),
    "instalments": ("I never agreed to this instalment plan", "the rate is not what I was told on the phone"),
    "limit": ("my limit was cut without a word", "you raised my limit without asking"),
}
# Texts that bite those who do not take text as text.
_BITING = (
    "=1+1 这笔费用算错了", "<b>请处理</b>", "<script>alert(1)</script> app 打不开", "+86 推销电话不要再打",
    "-2 星,积分没到账", "@客服 催收太频繁", "'; DROP TABLE complaint; -- 请退款", '"引号"里的利率,和合同不一样',
    "{{7*7}} 额度被降", "a\tb 用Tab隔开的投诉",
)  # fmt: skip
_BITES = 0.02
_ENGLISH = 0.08


def _complaints() -> tuple[tuple[str, ...], dict[str, tuple[int, int, int]]]:
    """All texts, and per cause where its Chinese ones start, where its English ones do, and where it ends."""
    texts: list[str] = []
    places: dict[str, tuple[int, int, int]] = {}
    for cause in CAUSES:
        start = len(texts)
        texts += [
            "".join((a, b, "。" if b and c else "", c)) for b, a, c in product(_BODIES[cause], _OPENINGS, _ENDINGS)
        ]
        english = len(texts)
        texts += [a + b + c for b, a, c in product(_BODIES_EN[cause], _OPENINGS_EN, _ENDINGS_EN)]
        places[cause] = (start, english, len(texts))
    return (*texts, *_BITING), places


COMPLAINTS, _PLACES = _complaints()
_STARTS = np.array([_PLACES[cause] for cause in CAUSES])

_NOTES = {
    "balance": ("查询账单金额", "查询可用额度", "asked for the balance", "查询未出账单"),
    "repayment": ("询问还款日", "还款未到账,已核实", "asked how to repay", "协助设置自动还款"),
    "points": ("查询积分", "积分兑换咨询", "points balance", "积分有效期咨询"),
    "offers": ("咨询优惠活动", "活动报名方法", "asked about offers", "返现规则咨询"),
    "limit": ("申请提高额度", "临时额度咨询", "wants a higher limit", "额度下降原因"),
    "instalment": ("账单分期咨询", "分期利率咨询", "asked about instalments", "提前结清分期"),
    "card_delivery": ("卡片未收到", "补寄卡片", "card not delivered", "查询快递单号"),
    "application": ("查询办卡进度", "补充申请材料", "application status", "咨询办卡条件"),
    "fees": ("年费减免", "违约金咨询", "fee waiver asked", "利息计算咨询"),
    "fraud": ("挂失卡片", "交易争议", "does not know a purchase", "盗刷报案指引"),
    "app_fault": ("登录失败", "App闪退", "app does not start", "人脸识别不通过"),
    "travel": ("境外用卡咨询", "外币入账咨询", "travelling abroad", "申请境外卡"),
    "closure": ("申请销户", "销户流程咨询", "wants to close the card", "挽留未成功"),
    "complaint": ("表达不满,已记录", "投诉进度查询", "unhappy, noted", "要求回电"),
    "marketing": ("营销外呼", "客户表示考虑", "marketing call", "客户要求不再来电"),
}
NOTES = tuple(note for topic in TOPICS for note in _NOTES[topic])
_A_TOPIC = len(NOTES) // len(TOPICS)


def complaint_text(cause: Ints, rolls: Rolls) -> Ints:
    """A text for each complaint, by its cause."""
    start, english, end = _STARTS[cause].T
    chosen = np.where(
        rolls.happens("english", _ENGLISH),
        english + rolls.below("english text", end - english),
        start + rolls.below("text", english - start),
    )
    biting = len(COMPLAINTS) - len(_BITING) + rolls.below("biting text", len(_BITING))
    return np.where(rolls.happens("bites", _BITES), biting, chosen)


def note(topic: Ints, rolls: Rolls) -> Ints:
    """An agent's note for each call, chat or visit, by its topic."""
    return topic * _A_TOPIC + rolls.below("note", _A_TOPIC)


assert all(len(notes) == _A_TOPIC for notes in _NOTES.values())
