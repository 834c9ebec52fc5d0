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
    "manage_users": Text(zh="管理用户", en="manage users"),
    "view_audit": Text(zh="看审计记录", en="read the audit log"),
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


_SEE = ("view_overview", "view_customer", "search_customer", "view_decision")
_SEGMENTS = ("count_segment", "list_segment")
_PRODUCE = ("load_data", "build_view", "make_decisions", "publish_view", "collect_files", "view_quarantine")


def _role(name: str, title: Text, *permissions: str) -> Role:
    return Role(name, title, frozenset(permissions))


ROLES: dict[str, Role] = {
    role.name: role
    for role in (
        _role("administrator", Text(zh="管理员", en="Administrator"), *PERMISSIONS),
        _role("executive", Text(zh="管理层", en="Executive"), "view_overview", "count_segment"),
        _role("marketer", Text(zh="营销人员", en="Marketer"), *_SEE, *_SEGMENTS),
        _role("analyst", Text(zh="分析师", en="Analyst"), *_SEE, *_SEGMENTS, "view_quarantine"),
        _role("relationship_manager", Text(zh="客户经理", en="Relationship manager"), *_SEE, "reveal_identity"),
        _role("service_agent", Text(zh="客服座席", en="Service agent"), *_SEE, "reveal_identity"),
        _role("data_engineer", Text(zh="数据工程师", en="Data engineer"), "view_overview", "count_segment", *_PRODUCE),
        _role("auditor", Text(zh="审计员", en="Auditor"), "view_overview", "view_audit"),
    )
}

# What the nightly work may do: it makes and publishes, and never sees a person.
JOB_PERMISSIONS = frozenset(_PRODUCE) | {"view_overview"}


def role(name: str) -> Role:
    """The role, or BadInput with the names there are."""
    if name not in ROLES:
        raise BadInput(f"Unknown role {name!r}. There are: {', '.join(ROLES)}.")
    return ROLES[name]
