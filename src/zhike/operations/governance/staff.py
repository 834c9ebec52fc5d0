"""Who works here, as other apps may ask: who holds a right, and whom somebody stands in for today."""

from dataclasses import dataclass

from zhike.core.actor import Actor
from zhike.core.text import Text
from zhike.operations.governance.acting import query
from zhike.operations.governance.belonging import standing_in_for, today
from zhike.operations.governance.models import User
from zhike.operations.governance.roles import ROLES, role


@dataclass(frozen=True)
class Colleague:
    """A member of staff by log-in name."""

    user: str
    title: Text


@query(permission="handle_complaint")
def staff_holding(actor: Actor, permission: str) -> list[Colleague]:
    """Active users whose own role (not a cover) holds the permission, in order of name."""
    names = [each.name for each in ROLES.values() if permission in each.permissions]
    rows = User.objects.filter(is_active=True, role__in=names).order_by("username").values_list("username", "role")
    return [Colleague(user, role(held).title) for user, held in rows]


@query(permission="handle_complaint")
def stands_in_for(actor: Actor, user: str) -> frozenset[str]:
    """The log-in names of those whom a user covers for today."""
    return standing_in_for(user, today())
