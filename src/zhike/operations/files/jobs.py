"""The files job: what is over its time, and what no row names, goes."""

import structlog

from zhike.core.actor import Actor
from zhike.core.text import Text
from zhike.operations.files import actions
from zhike.operations.jobs.declaring import job

log = structlog.get_logger("zhike.jobs")


@job(
    "files.collect",
    title=Text("清理到期文件", "Drop files over their time"),
    lease_seconds=3_600,
    long=True,
    cron="50 * * * *",
)
def collect(actor: Actor) -> None:
    """Drops expired files and removes garbage."""
    done = actions.files_collect(actor)
    log.info("files collected", files=done["expired"] + done["contents"] + done["abandoned"])
