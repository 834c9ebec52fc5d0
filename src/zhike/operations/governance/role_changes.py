"""What another role, or standing in for somebody, would change for a user: rights, and how many customers they see."""

from dataclasses import dataclass

from zhike.core.actor import WHOLE_BANK, Actor, Scope
from zhike.core.errors import BadInput
from zhike.core.text import Text
from zhike.operations.governance.acting import query
from zhike.operations.governance.belonging import today
from zhike.operations.governance.known_users import no_active_user
from zhike.operations.governance.models import Home
from zhike.operations.governance.roles import BANK_WIDE, role
from zhike.operations.governance.standing import own_branches, standing
from zhike.operations.governance.visible import assignments


@dataclass(frozen=True)
class RoleChangeEffect:
    """Rights by name, customers by number; covers are left out, as they end by themselves."""

    role_before: str
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    customers_before: int
    customers_after: int


@query(permission="manage_users")
def role_change_effect(actor: Actor, user: str, role_name: str) -> RoleChangeEffect:
    """Raises NotFound for no such active user, BadInput when the role is unknown or theirs already."""
    held, after = standing(user, today()), role(role_name)
    if held is None:
        raise no_active_user(user)
    if held.role == after.name:
        raise BadInput(Text(f"{user} 的岗位已是“{after.title.zh}”。", f"{user} has the role {after.title.en} already."))
    return RoleChangeEffect(
        held.role,
        tuple(sorted(after.permissions - held.permissions)),
        tuple(sorted(held.permissions - after.permissions)),
        _customers(held.scope),
        _customers(WHOLE_BANK if after.name in BANK_WIDE else own_branches(user, today())),
    )


@dataclass(frozen=True)
class CoverEffect:
    """Rights by name, customers by number: what the user has by themselves, and with what is lent."""

    gained: tuple[str, ...]
    customers_before: int
    customers_after: int


@query(permission="manage_users")
def cover_effect(actor: Actor, user: str, covers: str) -> CoverEffect:
    """Raises NotFound for no such active user."""
    own, lent = (standing(name, today()) for name in (user, covers))
    if own is None or lent is None:
        raise no_active_user(user if own is None else covers)
    return CoverEffect(
        tuple(sorted(lent.permissions - own.permissions)), _customers(own.scope), _customers(own.scope | lent.scope)
    )


def _customers(scope: Scope) -> int:
    if scope.assigned:
        return assignments(scope).values("customer_id").distinct().count()
    homes = Home.objects.all() if scope.bank else Home.objects.filter(branch_id__in=scope.branches)
    return homes.values("customer_id").distinct().count()
