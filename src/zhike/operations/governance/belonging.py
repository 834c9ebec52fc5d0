"""Who belongs where, and what that lets them see: the branches of a user on a day, covers included.

The tree of branches is effective-dated and comes from the bank's files (`branches_keep`). A user whose role is for the
whole bank sees it whole; everybody else sees the branches they belong to and all below them, on this very day.
A cover ends by itself: it lends the rights and the branches of the person who is away until its last day.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import connection

from zhike.core.actor import WHOLE_BANK, Actor, Scope
from zhike.core.clock import business_date, now
from zhike.core.errors import BadInput, NotFound
from zhike.core.settings import settings
from zhike.core.text import Text
from zhike.operations.governance import effective
from zhike.operations.governance.acting import action, note
from zhike.operations.governance.approved import require_approved
from zhike.operations.governance.known_users import staff_named
from zhike.operations.governance.models import Branch, Membership, User
from zhike.operations.governance.roles import BANK_WIDE, PRIVILEGED, role

_LONGEST_COVER_DAYS = 92
_BELOW = """
WITH RECURSIVE tree AS (
    SELECT branch_id, parent_id FROM governance_branch
    WHERE valid_from <= %(day)s AND (valid_to IS NULL OR valid_to > %(day)s)
), below AS (
    SELECT unnest(%(branches)s::bigint[]) AS branch_id
    UNION
    SELECT tree.branch_id FROM tree JOIN below ON tree.parent_id = below.branch_id
)
SELECT branch_id FROM below
"""


def today() -> date:
    return business_date(now(), settings().zone)


def rights_and_scope(user: User, day: date) -> tuple[frozenset[str], frozenset[str], Scope]:
    """Roles, permissions and scope of a user on a day, with what a cover of that day lends."""
    held = list(_on(day).filter(user=user).select_related("covers"))
    covered = [each.covers for each in held if each.covers is not None and each.covers.is_active]
    roles = frozenset((user.role, *(each.role for each in covered)))
    permissions = frozenset().union(*(role(name).permissions for name in roles))
    scope = own_scope(user, day)
    for each in covered:
        scope |= own_scope(each, day)
    return roles, permissions, scope


def own_scope(user: User, day: date) -> Scope:
    """Whom a user sees on a day by their own role and place, whatever they stand in for."""
    if user.party_id is not None:
        return Scope(party=user.party_id)
    if user.role in BANK_WIDE:
        return WHOLE_BANK
    if user.assigned_only:
        return Scope(assigned=frozenset((user.username,)), on=day)
    branches = _on(day).filter(user=user, branch_id__isnull=False).values_list("branch_id", flat=True)
    return Scope(branches=below(branches, day))


def below(branches: Iterable[int], day: date) -> frozenset[int]:
    """These branches and all under them, as the tree was on the day."""
    wanted = sorted(branches)
    if not wanted:
        return frozenset()
    with connection.cursor() as cursor:
        cursor.execute(_BELOW, {"day": day, "branches": wanted})
        return frozenset(branch for (branch,) in cursor.fetchall())


@action(permission="publish_view", audit="branch.keep")
def branches_keep(actor: Actor, *, versions: list[Mapping[str, Any]]) -> None:
    """Brings the tree to the versions that the bank's files tell of; a bank whose files tell of none keeps its own."""
    if versions:
        Branch.objects.all().delete()
        Branch.objects.bulk_create(Branch(**{**one, "name": one["name"] or ""}) for one in versions)
    note(versions=len(versions))


@action(permission="manage_users", audit="membership.begin", about="user")
def membership_begin(
    actor: Actor, *, user: str, branch_id: int, valid_from: date, valid_to: date | None = None
) -> None:
    """The user belongs to a branch from a day on; raises BadInput when no branch of that number stands on it, or when
    somebody would give customers to themselves."""
    require_another(actor, user)
    if not Branch.objects.filter(effective.on(valid_from), branch_id=branch_id).exists():
        raise BadInput(
            Text(
                f"{valid_from} 没有机构 {branch_id}：请核对机构号，或先加载机构文件并发布。",
                f"There is no branch {branch_id} on {valid_from}: check the number, or load and publish the branches.",
            )
        )
    effective.require_order(valid_from, valid_to)
    Membership.objects.create(
        user=staff_named(user), branch_id=branch_id, valid_from=valid_from, valid_to=valid_to, made_by=actor.name
    )
    note(branch=branch_id, valid_from=valid_from.isoformat(), valid_to=valid_to.isoformat() if valid_to else None)


@action(permission="manage_users", audit="membership.end", about="user")
def membership_end(actor: Actor, *, user: str, branch_id: int, valid_to: date) -> None:
    """The user belongs to the branch no more from that day on; what was is kept."""
    open_ones = Membership.objects.filter(user=staff_named(user), branch_id=branch_id, valid_from__lt=valid_to)
    ended = open_ones.filter(effective.not_over(valid_to)).update(valid_to=valid_to)
    if not ended:
        raise NotFound(
            Text(f"{user} 在 {valid_to} 之前不属于机构 {branch_id}。", f"{user} does not belong to branch {branch_id}.")
        )
    note(branch=branch_id, valid_to=valid_to.isoformat())


@action(permission="manage_users", audit="cover.begin", about="user")
def cover_begin(actor: Actor, *, user: str, covers: str, valid_from: date, valid_to: date) -> None:
    """``user`` stands in for ``covers`` until the day before ``valid_to``: at most 92 days, never for the manager's
    own gain, and never to lend what was itself lent. A second person signs where it lends what no one gives alone."""
    effective.require_order(valid_from, valid_to)
    if (valid_to - valid_from).days > _LONGEST_COVER_DAYS:
        raise BadInput(
            Text(
                f"代岗最长 {_LONGEST_COVER_DAYS} 天：请缩短，或改为正式调动。",
                f"A cover lasts {_LONGEST_COVER_DAYS} days at most: shorten it, or move the person for good.",
            )
        )
    if user in (covers, actor.name):
        raise BadInput(
            Text(
                "不能为自己或由自己安排代岗：请由另一位管理员办理。",
                "Nobody covers for, or is given rights by, themselves.",
            )
        )
    away = staff_named(covers)
    if role(away.role).permissions & PRIVILEGED:
        require_approved(actor, "cover")
    Membership.objects.create(
        user=staff_named(user), covers=away, valid_from=valid_from, valid_to=valid_to, made_by=actor.name
    )
    note(covers=covers, valid_from=valid_from.isoformat(), valid_to=valid_to.isoformat())


def covers_end(user: User) -> int:
    """A part of a change of role: nobody stands in for them any more, as a cover was asked for with the role before."""
    covers, day = Membership.objects.filter(covers=user), today()
    later, _ = covers.filter(valid_from__gte=day).delete()
    return later + covers.filter(valid_to__gt=day).update(valid_to=day)


def standing_in_for(user: str, day: date) -> frozenset[str]:
    """The log-in names of those whom the user covers for on a day."""
    lent = _on(day).filter(user__username=user, covers__isnull=False)
    return frozenset(lent.values_list("covers__username", flat=True))


def require_another(actor: Actor, user: str) -> None:
    """Raises BadInput where somebody would give rights to, or take them from, themselves."""
    if actor.name == user:
        raise BadInput(
            Text(
                "不能更改自己的权限或停用自己：请由另一位管理员办理。",
                "Nobody changes their own rights or disables themselves: another administrator has to.",
            )
        )


def _on(day: date) -> Any:
    return Membership.objects.filter(effective.on(day))
