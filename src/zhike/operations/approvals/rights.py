"""Who may sign a request: by the right of their own role, of somebody they cover for, or of a delegator. On the day.

What is lent is not lent on: a delegator's own role counts, never what a cover or another delegation lends them.
"""

from collections.abc import Iterator
from dataclasses import replace

from zhike.core.actor import Actor
from zhike.core.errors import Forbidden
from zhike.core.text import Text
from zhike.operations.approvals.kind import Kind
from zhike.operations.approvals.seeing import delegations_to
from zhike.operations.governance.actors import owns_machine
from zhike.operations.governance.belonging import today
from zhike.operations.governance.hands import DAYS, hands_of
from zhike.operations.governance.standing import Standing, standing

SIGN = "sign_request"


def signing(actor: Actor, kind: Kind, maker: str, concerned: frozenset[str]) -> Actor:
    """The actor as they sign: themselves, or with the right and the scope that somebody lends; else raises Forbidden.

    Nobody signs their own request, nor one about themselves, nor with a right lent by its maker.
    """
    if actor.kind != "staff":
        raise Forbidden(Text("只有员工本人可以签字。", "Only a member of staff signs, in person."))
    if actor.name == maker:
        raise Forbidden(Text("不能审批自己提交的申请。", "Nobody signs what they asked for themselves."))
    if actor.name in concerned:
        raise Forbidden(
            Text("该申请与您本人有关，不能由您审批。", "This request is about you: another person signs it.")
        )
    if owns_machine(actor):
        return actor
    if hands_of([maker]) & hands_of([actor.name]):
        raise Forbidden(one_hand(actor.name, maker))
    own = standing(actor.name, today())
    if own is not None and {SIGN, kind.sign} <= own.permissions:
        return replace(actor, permissions=own.permissions, on_behalf_of=None)
    for name, lent in _lenders(actor.name, own, kind):
        if name != maker and name not in concerned and not hands_of([maker]) & hands_of([name]):
            return _lent(actor, kind, name, lent)
    raise Forbidden(
        Text(
            f"您不能审批“{kind.title.zh}”：须由持有此权限且并非申请人的同事审批。",
            f"You may not sign “{kind.title.en}”: a colleague who holds this right and did not ask for it may.",
        )
    )


def one_hand(name: str, other: str) -> Text:
    """Why these two are not two people to an approval."""
    return Text(
        f"{DAYS} 天内，{name} 与 {other} 之一的密码或第二因素由对方或同一人重置，视为同一人：须由另一位同事审批。",
        f"For {DAYS} days {name} and {other} count as one person: one gave the other the way in, or a third gave it "
        "to both. Another colleague signs.",
    )


def _lenders(name: str, own: Standing | None, kind: Kind) -> Iterator[tuple[str, Standing]]:
    """Who lends this person the right today: those they cover for, then those who delegated."""
    covered = own.covers if own is not None else ()
    delegated = [other for other, of in delegations_to(name) if of in ("", kind.name)] if own is not None else []
    for other in (*covered, *delegated):
        lent = standing(other, today())
        if lent is not None and {SIGN, kind.sign} <= lent.permissions:
            yield other, lent


def _lent(actor: Actor, kind: Kind, name: str, lent: Standing) -> Actor:
    rights = actor.permissions | {SIGN, kind.sign}
    return replace(actor, on_behalf_of=name, permissions=rights, scope=lent.scope | actor.scope)
