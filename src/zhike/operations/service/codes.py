"""The codes of a complaint, each with its words; the database holds the same lists."""

from zhike.core.text import Text

STATES: dict[str, Text] = {
    "received": Text("已收到", "Received"),
    "accepted": Text("已受理", "Accepted"),
    "in_progress": Text("处理中", "In progress"),
    "answered": Text("已答复", "Answered"),
    "review": Text("核查中", "Under review"),
    "closed": Text("已结案", "Closed"),
}
# The roads between states; the trigger of migration 0001 refuses every other.
ROADS: dict[str, tuple[str, ...]] = {
    "received": ("accepted", "closed"),
    "accepted": ("in_progress", "closed"),
    "in_progress": ("answered", "closed"),
    "answered": ("closed", "review"),
    "review": ("answered",),
    "closed": ("review",),
}
CAUSES: dict[str, Text] = {
    "fees": Text("年费与手续费", "Annual and other fees"),
    "interest": Text("利息与计息方式", "Interest and how it is reckoned"),
    "instalment": Text("分期业务", "Instalments"),
    "disputed_transaction": Text("交易争议", "Disputed transaction"),
    "limit": Text("额度", "Limit"),
    "application": Text("申请与审批", "Application and approval"),
    "card": Text("卡片与密码", "Card and PIN"),
    "points_benefits": Text("积分与权益", "Points and benefits"),
    "marketing": Text("营销骚扰", "Unwanted marketing"),
    "misselling": Text("销售误导", "Mis-selling"),
    "collections": Text("催收", "Collections"),
    "privacy": Text("个人信息", "Personal information"),
    "credit_record": Text("征信异议", "Credit record"),
    "conduct": Text("服务态度", "Conduct of staff"),
    "other": Text("其他", "Other"),
}
CHANNELS: dict[str, Text] = {
    "phone": Text("电话", "Phone"),
    "branch": Text("网点", "Branch"),
    "app": Text("手机银行", "App"),
    "online": Text("网上", "Online"),
    "email": Text("电子邮件", "E-mail"),
    "mail": Text("信函", "Letter"),
    "other": Text("其他", "Other"),
}
SEVERITIES: dict[str, Text] = {
    "ordinary": Text("一般", "Ordinary"),
    "serious": Text("较重", "Serious"),
    "grave": Text("重大", "Grave"),
}
OUTCOMES: dict[str, Text] = {
    "upheld": Text("属实", "Upheld"),
    "partly": Text("部分属实", "Partly upheld"),
    "not_upheld": Text("不属实", "Not upheld"),
    "withdrawn": Text("已撤回", "Withdrawn"),
}
TEXTS: dict[str, Text] = {
    "complaint": Text("投诉内容", "The complaint"),
    "answer": Text("答复", "The answer"),
    "review": Text("核查申请", "The request for review"),
}
STEPS: dict[str, Text] = {
    **STATES,
    "assigned": Text("指派经办人", "Handler named"),
    "named": Text("登记被投诉人", "Person complained about named"),
    "extended": Text("延长期限", "Time extended"),
}
