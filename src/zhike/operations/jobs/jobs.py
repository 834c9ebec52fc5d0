"""The jobs app's own job."""

from zhike.core.actor import Actor
from zhike.core.text import Text
from zhike.operations.jobs import actions
from zhike.operations.jobs.declaring import job
from zhike.operations.jobs.priorities import HOUSEKEEPING


@job(
    "jobs.tidy",
    title=Text("清理任务记录", "Tidy up the record of jobs"),
    priority=HOUSEKEEPING,
    cron="20 3 * * *",
)
def tidy(actor: Actor) -> None:
    """Once a night."""
    actions.jobs_tidy(actor)
