"""Which requests an actor sees, for both locks: the queryset, and the policies of the tables (migration 0002)."""

from django.apps import apps
from django.db import connection

from zhike.core.actor import Actor
from zhike.operations.approvals.kind import kinds
from zhike.operations.governance.belonging import today
from zhike.operations.governance.standing import standing

SEES_ALL = "*"


def person(actor: Actor) -> str:
    """The person behind an actor."""
    return actor.person


def kinds_seen(actor: Actor) -> frozenset[str]:
    """The kinds of which the actor sees every request, `SEES_ALL` for an auditor; tells the database session so.

    One's own requests are always seen. Until this was asked, the policies raise.
    """
    if actor.kind == "cardholder":
        return frozenset()
    _tell("zhike.person", person(actor))
    seen = frozenset((SEES_ALL,)) if actor.kind == "job" or actor.may("view_audit") else _signable(actor)
    _tell("zhike.kinds", ",".join(sorted(seen)))
    return seen


def delegations_to(name: str) -> list[tuple[str, str]]:
    """(delegator, kind) of what is delegated to a person today, oldest first; kind "" is every kind."""
    day, model = today(), apps.get_model("approvals", "Delegation")
    rows = model.objects.filter(delegate=name, valid_from__lte=day, valid_to__gt=day).order_by("id")
    return list(rows.values_list("delegator", "kind"))


def _signable(actor: Actor) -> frozenset[str]:
    """By right, whether held or lent by a cover, and by delegation from somebody who holds it today."""
    found = {kind.name for kind in kinds if actor.may("sign_request") and actor.may(kind.sign)}
    for delegator, delegated in delegations_to(person(actor)):
        lent = standing(delegator, today())
        if lent is not None:
            found |= {kind.name for kind in kinds if delegated in ("", kind.name) and kind.sign in lent.permissions}
    return frozenset(found)


def _tell(setting: str, value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [setting, value])
