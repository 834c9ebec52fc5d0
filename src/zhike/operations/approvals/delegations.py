"""Signing in another's place: given by whoever holds the right, to one person, from a day to a day. Never lent on."""

from datetime import date

from zhike.core.actor import Actor
from zhike.core.errors import BadInput, Forbidden, NotFound
from zhike.core.text import Text
from zhike.operations.approvals.kind import Kind, kinds
from zhike.operations.approvals.models import LONGEST_DELEGATION_DAYS, Delegation
from zhike.operations.approvals.rights import SIGN
from zhike.operations.approvals.seeing import kinds_seen
from zhike.operations.governance.acting import action, note
from zhike.operations.governance.belonging import today
from zhike.operations.governance.standing import Standing, standing


@action(permission="make_request", audit="delegation.begin", about="delegate")
def delegation_begin(actor: Actor, *, delegate: str, kind: str, valid_from: date, valid_to: date) -> int:
    """Lets ``delegate`` sign requests of a kind ("" every kind) in the actor's place; gives its number.

    ``valid_to`` is the first day on which it holds no more. Raises BadInput for days that cannot be or a delegate whose
    work has no approvals, Forbidden to whose own role holds no such right: what is lent is not lent on.
    """
    kinds_seen(actor)
    _require_own_right(actor, [kinds.get(kind)] if kind else list(kinds))
    _require_days(valid_from, valid_to)
    if delegate == actor.name:
        raise BadInput(Text("不能委托给自己。", "Nobody delegates to themselves."))
    taking = standing(delegate, today())
    if taking is None or "make_request" not in taking.permissions:
        raise BadInput(
            Text(
                f"不能委托给 {delegate[:64]}：没有这位在职用户，或其岗位不使用审批。",
                f"{delegate[:64]} cannot take it: no such active user, or their work has no approvals.",
            )
        )
    made = Delegation.objects.create(
        delegator=actor.name, delegate=delegate, kind=kind, valid_from=valid_from, valid_to=valid_to
    )
    note(kind=kind, valid_from=valid_from.isoformat(), valid_to=valid_to.isoformat())
    return made.id


@action(permission="make_request", audit="delegation.end", about="delegation")
def delegation_end(actor: Actor, *, delegation_id: int) -> None:
    """Takes a delegation back from today on; what was signed under it stands."""
    kinds_seen(actor)
    day = today()
    held = Delegation.objects.filter(id=delegation_id, delegator=actor.name, valid_to__gt=day).first()
    if held is None:
        raise NotFound(Text("没有这项有效的委托。", "You gave no such delegation that still holds."))
    held.valid_to = max(day, held.valid_from)
    held.save(update_fields=["valid_to"])
    note(delegate=held.delegate, valid_to=held.valid_to.isoformat())


def _require_own_right(actor: Actor, wanted: list[Kind]) -> None:
    own: Standing | None = standing(actor.name, today()) if actor.kind == "staff" else None
    if own is None or SIGN not in own.permissions or not any(each.sign in own.permissions for each in wanted):
        raise Forbidden(
            Text(
                "只能委托本岗位自有的审批权：代岗或受托所得的权限不可转委托。",
                "Only the right of one's own role is delegated: what a cover or a delegation lends is not lent on.",
            )
        )


def _require_days(valid_from: date, valid_to: date) -> None:
    if valid_from < today() or valid_to <= valid_from:
        raise BadInput(
            Text("起始日不得早于今天，结束日须晚于起始日。", "It begins today or later, and ends after it begins.")
        )
    if (valid_to - valid_from).days > LONGEST_DELEGATION_DAYS:
        raise BadInput(
            Text(
                f"委托最长 {LONGEST_DELEGATION_DAYS} 天。",
                f"A delegation lasts {LONGEST_DELEGATION_DAYS} days at most.",
            )
        )
