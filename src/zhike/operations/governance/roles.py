"""Permissions and roles: which work may do what. The only place where a right is given.

A permission is a verb and a noun; a role is one kind of work at a bank (DOMAIN section 1).
"""

from dataclasses import dataclass

from zhike.core.errors import BadInput
from zhike.core.text import Text

PERMISSIONS: dict[str, Text] = {
    "view_overview": Text(zh="看总览、指标与数据新鲜度", en="see the overview, the KPIs and how fresh the data is"),
    "view_customer": Text(zh="看客户页（身份已脱敏）", en="see a customer's page, identity masked"),
    "search_customer": Text(zh="按等值查找客户", en="find a customer by an exact key"),
    "reveal_identity": Text(zh="说明用途后查看一项明文身份", en="see one identity field in clear, for a purpose"),
    "view_decision": Text(zh="看下一步最佳行动及其理由", en="see the next best action and its reasons"),
    "count_segment": Text(zh="统计客群人数", en="count a segment"),
    "list_segment": Text(zh="列出客群中的客户", en="list the customers of a segment"),
    "view_quarantine": Text(zh="看被隔离的行", en="see quarantined rows"),
    "load_data": Text(zh="加载银行文件", en="load the bank's files"),
    "build_view": Text(zh="构建客户视图", en="build the customer view"),
    "make_decisions": Text(zh="计算决策", en="make decisions"),
    "publish_view": Text(zh="发布快照", en="publish a snapshot"),
    "collect_files": Text(zh="清理不再需要的文件", en="remove files nothing needs any more"),
    "manage_users": Text(zh="管理用户、归属与临时代岗", en="manage users, where they belong and who covers for whom"),
    "assign_customer": Text(zh="把客户分派给客户经理或团队", en="assign customers to a person or a team"),
    "view_audit": Text(zh="看审计记录", en="read the audit log"),
    "export_audit": Text(zh="导出审计记录", en="export the audit log"),
    "manage_own_account": Text(zh="管理自己的登录", en="look after one's own log-in"),
    "manage_keys": Text(zh="管理接口密钥", en="manage API keys"),
    "view_consent": Text(zh="看授权同意记录", en="see what a customer agreed to"),
    "record_consent": Text(zh="登记同意与撤回", en="record consent given and withdrawn"),
    "publish_wording": Text(zh="发布告知与同意文本", en="publish the wording that customers agree to"),
    "view_contact": Text(zh="看触达记录", en="see how a customer was turned to"),
    "record_contact": Text(zh="登记触达", en="record a contact"),
    "view_complaint": Text(zh="看投诉", en="see complaints"),
    "take_complaint": Text(zh="受理投诉", en="take a complaint"),
    "handle_complaint": Text(zh="处理投诉", en="handle a complaint"),
    "make_request": Text(zh="提交审批", en="ask for approval"),
    "sign_request": Text(zh="审批", en="sign what another asks for"),
    "view_jobs": Text(zh="看后台任务", en="see the jobs"),
    "manage_jobs": Text(zh="重试或作废后台任务", en="retry or give up a job"),
    "view_file": Text(zh="看附件", en="see stored files"),
    "keep_file": Text(zh="上传附件", en="store a file"),
    "rotate_master_key": Text(zh="轮换主密钥", en="rotate the master key"),
    "erase_person": Text(zh="销毁个人密钥", en="erase a person"),
}


@dataclass(frozen=True)
class Role:
    """One kind of work, and what it may do."""

    name: str
    title: Text
    permissions: frozenset[str]

    def __post_init__(self) -> None:
        unknown = self.permissions - PERMISSIONS.keys()
        if unknown:
            raise ValueError(f"role {self.name}: unknown permissions {sorted(unknown)}")


_SEE = ("view_overview", "view_customer", "search_customer", "view_decision", "view_consent", "view_contact")
_SERVE = ("record_consent", "record_contact", "take_complaint", "view_complaint", "view_file", "keep_file")
_APPROVE = ("make_request", "sign_request")
_MANAGE = ("assign_customer",)
_EVERYBODY = ("manage_own_account",)
_SEGMENTS = ("count_segment", "list_segment")
_PRODUCE = ("load_data", "build_view", "make_decisions", "publish_view", "collect_files", "view_quarantine")


def _role(name: str, zh: str, en: str, *permissions: str) -> Role:
    return Role(name, Text(zh, en), frozenset((*permissions, *_EVERYBODY)))


ROLES: dict[str, Role] = {
    role.name: role
    for role in (
        _role("administrator", "管理员", "Administrator", *PERMISSIONS),
        _role("executive", "管理层", "Executive", "view_overview", "count_segment"),
        _role("product_manager", "产品经理", "Product manager", "view_overview", *_SEGMENTS, *_APPROVE),
        _role("marketer", "营销人员", "Marketer", *_SEE, *_SEGMENTS, "make_request"),
        _role("marketing_approver", "营销审批人", "Marketing approver", *_SEE, "count_segment", *_APPROVE),
        _role("branch_manager", "支行行长", "Branch manager", *_SEE, *_SEGMENTS, *_APPROVE, "view_complaint", *_MANAGE),
        _role("lobby_manager", "大堂经理", "Lobby manager", *_SEE, "reveal_identity", *_SERVE),
        _role("teller", "柜员", "Teller", *_SEE, "reveal_identity", *_SERVE),
        _role("direct_seller", "直销人员", "Direct seller", "view_overview", "search_customer"),
        _role("relationship_manager", "客户经理", "Relationship manager", *_SEE, "reveal_identity", *_SERVE),
        _role("service_agent", "客服座席", "Service agent", *_SEE, "reveal_identity", *_SERVE),
        _role(
            "service_supervisor",
            "客服主管",
            "Service supervisor",
            *_SEE,
            "reveal_identity",
            *_SERVE,
            "handle_complaint",
            *_APPROVE,
        ),
        _role(
            "consumer_protection_officer",
            "消保专员",
            "Consumer-protection officer",
            *_SEE,
            "reveal_identity",
            *_SERVE,
            "handle_complaint",
            *_APPROVE,
            "erase_person",
            "publish_wording",
        ),
        _role("risk_officer", "风险官", "Risk officer", *_SEE, *_SEGMENTS, *_APPROVE),
        _role("fraud_analyst", "反欺诈分析师", "Fraud analyst", *_SEE, "reveal_identity", "record_contact"),
        _role("collector", "催收员", "Collector", *_SEE, "reveal_identity", "record_contact", "view_complaint"),
        _role("analyst", "分析师", "Analyst", *_SEE, *_SEGMENTS, "view_quarantine"),
        _role(
            "data_engineer",
            "数据工程师",
            "Data engineer",
            "view_overview",
            "count_segment",
            *_PRODUCE,
            "view_jobs",
            "manage_jobs",
        ),
        _role("auditor", "审计员", "Auditor", "view_overview", "view_audit", "export_audit", "view_jobs", *_APPROVE),
    )
}

# What the nightly work may do: it makes and publishes, and never sees a person.
JOB_PERMISSIONS = frozenset(_PRODUCE) | {"view_overview", "view_jobs", "manage_jobs"}
# Who is not staff: bound to one party (models/people.py). What they may do, on rows of their own only.
CARDHOLDER = "cardholder"
CARDHOLDER_PERMISSIONS = frozenset(
    (
        "view_customer",
        "view_decision",
        "view_consent",
        "record_consent",
        "take_complaint",
        "view_complaint",
        *_EVERYBODY,
    )
)
# Whose work is for the whole bank, wherever they sit; everybody else sees the branches they belong to.
BANK_WIDE = frozenset(
    (
        "administrator", "executive", "product_manager", "marketer", "marketing_approver", "service_agent",
        "service_supervisor", "consumer_protection_officer", "risk_officer", "fraud_analyst", "collector", "analyst",
        "data_engineer", "auditor",
    )
)  # fmt: skip


# Rights that no single administrator gives: a role that holds one is given by a signed request only.
PRIVILEGED = frozenset(("manage_users", "sign_request", "erase_person", "export_audit", "rotate_master_key"))


def role(name: str) -> Role:
    """The role, or BadInput with the names there are."""
    if name not in ROLES:
        raise BadInput(
            Text(
                f"没有岗位 {name[:64]!r}。现有：{'、'.join(one.title.zh for one in ROLES.values())}。",
                f"Unknown role {name[:64]!r}. There are: {', '.join(ROLES)}.",
            )
        )
    return ROLES[name]
