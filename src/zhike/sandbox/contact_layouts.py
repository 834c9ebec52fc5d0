"""The record layouts of the online and mobile log, of the call centre and of the branch CRM."""

from zhike.core.text import Text
from zhike.sandbox.record import Record, Row, fields

_DAILY = Text("每日", "every day")
_MONTHLY = Text("每月最后一日，全月", "last day of a month, the whole month")
_ANY = Text("有记录的日子", "days with rows")
_CUSTOMER: Row = (
    "customer_no", "code", 0, "identifier", "客户号（卡系统或核心）", "customer number, of cards or of core banking",
)  # fmt: skip
_OFFER: Row = ("offer", "code", 0, "attribute", "活动或产品", "offer shown or answered")
_ANSWER: Row = ("answer", "code", 0, "attribute", "答复", "accepted, declined, opened, clicked or ignored")
_REFERENCE: Row = (
    "ref", "code", 0, "none", "行方触达编号，自有活动为 16 位并以日期开头",
    "reference of the contact or decision; of the bank's own campaigns 16 digits that begin with the day",
)  # fmt: skip

DIGITAL_EVENT = Record(
    "digital", "event", Text("网上与手机银行日志", "Log of the online and mobile bank"), _DAILY, fields(
        ("id", "code", 0, "none", "事件编号", "reference of the event"),
        ("at", "code", 0, "attribute", "时间（+08:00）", "YYYY-MM-DDTHH:MM:SS+08:00"),
        ("customer", "code", 0, "identifier", "客户号（卡系统或核心）", "customer number, of cards or of core banking"),
        ("event", "code", 0, "attribute", "login view click chat message answer",
         "login, view, click, chat, message (sent to the customer), answer (to an offer)"),
        ("channel", "code", 0, "attribute", "渠道：app sms email", "app, sms or email"),
        ("page", "code", 0, "attribute", "页面或主题", "page or topic"),
        ("result", "code", 0, "attribute", "结果", "how it ended"),
        _OFFER, _ANSWER, _REFERENCE,
        ("seconds", "int", 0, "attribute", "时长（秒）", "duration in seconds"),
        ("device.os", "code", 0, "attribute", "操作系统", "operating system"),
        ("device.version", "code", 0, "attribute", "手机银行版本", "version of the app"),
    ), upgraded=(
        "at", "id", "event", "customer", "device.os", "device.version", "channel", "page", "result", "seconds", "offer",
        "answer", "ref",
    ),
)  # fmt: skip
CALL = Record("callcentre", "calls", Text("电话记录", "Calls"), _MONTHLY, fields(
    ("call_no", "code", 0, "none", "电话编号", "number of the call"),
    _CUSTOMER,
    ("day", "date", 0, "attribute", "日期", "day"),
    ("time", "time", 0, "attribute", "时间", "time"),
    ("direction", "code", 0, "attribute", "in 呼入 out 呼出", "in or out"),
    ("topic", "code", 0, "attribute", "主题", "topic"),
    ("result", "code", 0, "attribute", "结果", "how it ended"),
    ("seconds", "int", 0, "attribute", "通话时长（秒）", "duration in seconds"),
    _OFFER, _ANSWER, _REFERENCE,
    ("remark", "text", 0, "attribute", "坐席备注", "the agent's note"),
))  # fmt: skip
COMPLAINT = Record("callcentre", "complaints", Text("投诉处理记录", "Steps of complaints"), _MONTHLY, fields(
    ("step_no", "code", 0, "none", "步骤编号", "number of the step"),
    ("complaint_no", "code", 0, "none", "投诉编号", "number of the complaint"),
    _CUSTOMER,
    ("day", "date", 0, "attribute", "日期", "day"),
    ("time", "time", 0, "attribute", "时间", "time"),
    ("step", "code", 0, "attribute", "received 受理 answered 答复 closed 办结", "received, answered or closed"),
    ("cause", "code", 0, "attribute", "原因", "cause"),
    ("channel", "code", 0, "attribute", "渠道", "how it came in"),
    ("regulator", "code", 0, "none", "Y 监管转办 N 否", "Y passed on by the regulator, N not"),
    ("text", "text", 0, "attribute", "客户原话", "the customer's words"),
))  # fmt: skip
SURVEY = Record("callcentre", "surveys", Text("满意度调查", "Surveys"), _MONTHLY, fields(
    ("survey_no", "code", 0, "none", "问卷编号", "number of the answer"),
    _CUSTOMER,
    ("day", "date", 0, "attribute", "日期", "day"),
    ("time", "time", 0, "attribute", "时间", "time"),
    ("kind", "code", 0, "attribute", "csat 1-5 分，nps 0-10 分", "csat (1 to 5) or nps (0 to 10)"),
    ("score", "int", 0, "attribute", "分数", "score"),
    ("channel", "code", 0, "attribute", "渠道，普访时为空", "after a contact by; blank where nobody had one"),
))  # fmt: skip
CRM_MANAGER = Record("crm", "manager", Text("客户经理", "Relationship managers"), Text("首日", "first day"), fields(
    ("manager_no", "code", 0, "none", "客户经理编号", "number of the post"),
    ("branch_no", "code", 0, "none", "机构号", "branch"),
    ("role", "code", 0, "none", "角色", "role"),
))  # fmt: skip
CRM_CUSTOMER = Record(
    "crm", "customer", Text("网点客户档案", "Customers as the branches know them"),
    Text("首日与每月首日全量，其余为当日变更", "in full on the first day of each month, else what changed"), fields(
        ("crm_no", "code", 0, "identifier", "网点客户号，与其他系统不同", "the branches' own customer number"),
        ("kind", "code", 0, "attribute", "C 客户 P 潜在客户", "C customer, P prospect"),
        ("name", "text", 0, "identifier", "姓名，按网点录入", "name as it was typed"),
        ("id_no", "code", 0, "identifier", "证件号码，可能为空、为旧号或为全角",
         "identity number: may be missing, old, or in full-width digits"),
        ("phone", "code", 0, "identifier", "手机号，可能已变更或为全角",
         "mobile: may be an old one, or in full-width digits"),
        ("birth_date", "date", 0, "attribute", "出生日期，可能录错", "day of birth, may be mistyped"),
        ("sex", "code", 0, "attribute", "M 男 F 女", "M male, F female"),
        ("division", "code", 0, "attribute", "居住地行政区划代码", "division code of residence"),
        ("branch_no", "code", 0, "none", "所属机构", "branch that looks after the customer"),
        ("manager_no", "code", 0, "none", "客户经理编号", "relationship manager"),
        ("grade", "code", 0, "attribute", "网点评级 A-D", "the branch's own grade A to D"),
        ("remark", "text", 0, "attribute", "备注", "remark"),
        ("since", "date", 0, "attribute", "建档日", "on file since"),
        ("changed", "date", 0, "none", "最近变更日", "last changed on"),
    ), upgraded=(
        "crm_no", "name", "id_no", "birth_date", "sex", "phone", "kind", "grade", "division", "manager_no", "branch_no",
        "since", "changed", "remark",
    ),
)  # fmt: skip
CRM_VISIT = Record("crm", "visit", Text("网点接待与联系记录", "Visits to branches, and calls of theirs"), _ANY, fields(
    ("visit_no", "code", 0, "none", "接待编号", "number of the visit"),
    _CUSTOMER,
    ("branch_no", "code", 0, "none", "机构号", "branch"),
    ("day", "date", 0, "attribute", "日期", "day"),
    ("time", "time", 0, "attribute", "时间", "time"),
    ("direction", "code", 0, "attribute", "in 客户来访 out 网点联系", "in: came by, out: was spoken to"),
    ("topic", "code", 0, "attribute", "主题", "topic"),
    ("result", "code", 0, "attribute", "结果", "how it ended"),
    _OFFER, _ANSWER, _REFERENCE,
    ("remark", "text", 0, "attribute", "备注", "remark"),
))  # fmt: skip
