"""Giving a user another role."""

from collections.abc import Mapping
from dataclasses import dataclass

from zhike.core.actor import Actor
from zhike.core.text import Text
from zhike.operations.approvals.effect import Count, Effect
from zhike.operations.approvals.kind import Approved, Kind, kinds
from zhike.operations.approvals.payload import asked
from zhike.operations.governance import actions, role_changes
from zhike.operations.governance.roles import ROLES


def _roles() -> Mapping[str, Text]:
    return {name: role.title for name, role in ROLES.items()}


@dataclass(frozen=True)
class RoleChange:
    """Whose role becomes which."""

    user: str = asked(Text("用户", "User"), most=64)
    role: str = asked(Text("新岗位", "New role"), choices=_roles)


def _effect(actor: Actor, wanted: RoleChange) -> Effect:
    found = role_changes.role_change_effect(actor, wanted.user, wanted.role)
    counts = (
        Count("gained", Text("新增权限", "Rights gained"), len(found.gained)),
        Count("lost", Text("失去权限", "Rights lost"), len(found.lost)),
        Count("customers_before", Text("现在可见客户", "Customers visible now"), found.customers_before),
        Count("customers_after", Text("之后可见客户", "Customers visible afterwards"), found.customers_after),
    )
    before, after = ROLES[found.role_before].title, ROLES[wanted.role].title
    change = Text(
        f"{wanted.user} 的岗位由“{before.zh}”改为“{after.zh}”。",
        f"The role of {wanted.user} changes from {before.en} to {after.en}.",
    )
    sees = Text(
        "可见客户由 {customers_before} 户变为 {customers_after} 户；新增 {gained} 项权限，失去 {lost} 项。",
        "They see {customers_after} customers instead of {customers_before}, gain {gained} rights and lose {lost}.",
    )
    return Effect(counts, (change, sees))


def _apply(actor: Actor, wanted: RoleChange, approved: Approved) -> None:
    actions.user_role_change(actor, user=wanted.user, role_name=wanted.role)


ROLE_CHANGE = kinds.register(
    Kind(
        name="role_change",
        title=Text("岗位变更", "Role change"),
        meaning=Text(
            "更改一位用户的岗位，从而更改其权限与可见客户",
            "Gives a user another role, and with it other rights and customers",
        ),
        payload=RoleChange,
        ask="manage_users",
        sign="manage_users",
        effect=_effect,
        apply=_apply,
        concerns=lambda wanted: frozenset((wanted.user,)),
    )
)
