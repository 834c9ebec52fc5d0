"""What a member of staff holds by their own role, and whom they stand in for: what is lent is never lent on."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from zhike.core.actor import Scope
from zhike.operations.governance import effective
from zhike.operations.governance.belonging import below, own_scope
from zhike.operations.governance.models import Membership, User
from zhike.operations.governance.roles import role


@dataclass(frozen=True)
class Standing:
    """An active user on a day: the role, its rights, their own scope, and the names of those they cover for."""

    role: str
    permissions: frozenset[str]
    scope: Scope
    covers: tuple[str, ...]


def standing(name: str, day: date) -> Standing | None:
    """None when there is no such user, or the user is disabled."""
    user = User.objects.filter(username=name, is_active=True, party_id__isnull=True).first()
    if user is None:
        return None
    covers = _held(name, day).filter(covers__isnull=False).order_by("id").values_list("covers__username", flat=True)
    return Standing(user.role, role(user.role).permissions, own_scope(user, day), tuple(covers))


def own_branches(name: str, day: date) -> Scope:
    """The branches that a user belongs to on a day and all below them, whatever the role."""
    branches = _held(name, day).filter(branch_id__isnull=False).values_list("branch_id", flat=True)
    return Scope(branches=below(branches, day))


def _held(name: str, day: date) -> Any:
    return Membership.objects.filter(effective.on(day), user__username=name)
