"""The first lock: whom an actor sees. The second, of the database, holds where this one was forgotten."""

from zhike.core.actor import Actor
from zhike.core.errors import Forbidden, NotFound
from zhike.core.text import Text
from zhike.operations.governance.models import Home
from zhike.operations.governance.visible import assignments


def is_visible(actor: Actor, customer_id: str) -> bool:
    """Whether the customer is one of the actor's; says nothing of whether there is one."""
    if actor.scope.bank:
        return True
    if actor.scope.party is not None:
        return customer_id.lower() == actor.scope.party
    homes = Home.objects.filter(customer_id=customer_id.lower(), branch_id__in=actor.scope.branches)
    if homes.exists():
        return True
    return bool(actor.scope.assigned) and assignments(actor.scope).filter(customer_id=customer_id.lower()).exists()


def require_visible(actor: Actor, customer_id: str) -> None:
    """Raises NotFound for another's customer, exactly as for one that does not exist: the two are never told apart."""
    if not is_visible(actor, customer_id):
        raise NotFound(Text("没有这位客户。", "There is no such customer."))


def visible_ids(actor: Actor) -> list[str] | None:
    """Every customer the actor sees, in order; None when that is everybody."""
    if actor.scope.bank:
        return None
    if actor.scope.party is not None:
        return [actor.scope.party]
    seen = Home.objects.filter(branch_id__in=actor.scope.branches).values_list("customer_id", flat=True)
    if actor.scope.assigned:
        seen = seen.union(assignments(actor.scope).values_list("customer_id", flat=True))
    return list(seen.order_by("customer_id") if actor.scope.assigned else seen.distinct().order_by("customer_id"))


def require_bank(actor: Actor) -> None:
    """Raises Forbidden unless the actor's work is for the whole bank: an unpublished snapshot has no homes yet."""
    if not actor.scope.bank:
        raise Forbidden(
            Text(
                "尚未发布的数据只对全行岗位开放：请查看已发布的数据。",
                "Data not yet published is for work on the whole bank: read what is published.",
            )
        )
