"""How often one person may do a thing in an hour, counted by the audit log over all processes."""

from datetime import timedelta

from django.db import connection
from django.db.models import Q
from django.db.models.functions import Now

from zhike.core.actor import Actor
from zhike.core.errors import TooMany
from zhike.core.text import Text
from zhike.operations.governance.models import AuditEntry

_COUNTING = 0x7A68_6872  # the advisory lock of whoever is counted, with the actor's name and the thing


def require_room(actor: Actor, action: str, most: int) -> None:
    """Raises TooMany once the actor has done ``most`` of the action in the last hour; inside that very action.

    The lock makes many requests at once wait for each other's entry.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_COUNTING, f"{actor.person}:{action}"])
    # By whatever key of theirs: many keys are no more eyes than one.
    theirs = Q(actor_kind=actor.kind, actor_name=actor.name) | Q(actor_kind="key", on_behalf_of=actor.person)
    theirs |= Q(actor_kind="staff", actor_name=actor.person)
    done = AuditEntry.objects.filter(theirs, action=action, outcome="done")
    if done.filter(at__gt=Now() - timedelta(hours=1)).count() >= most:
        raise TooMany(
            Text(
                f"一小时内最多 {most} 次，您已达上限：请稍后再试；如工作需要，请联系管理员。",
                f"At most {most} in an hour, and you have had them: "
                "try again later, or ask an administrator if your work needs more.",
            )
        )
