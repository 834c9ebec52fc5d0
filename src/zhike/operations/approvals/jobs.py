"""The approvals job: marks what expired. Since that moment it could not be signed; the mark is for readers."""

from zhike.core.actor import Actor
from zhike.core.text import Text
from zhike.operations.approvals import actions
from zhike.operations.jobs.declaring import job


@job("approvals.expire", title=Text("标记过期的审批", "Mark expired requests"), cron="*/5 * * * *")
def expire(actor: Actor) -> None:
    """Marks requests past their day as expired."""
    actions.requests_expire(actor)
