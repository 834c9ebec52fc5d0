"""The customers jobs: publish what is newer, build at night, remove what nothing needs."""

from zoneinfo import ZoneInfo

import structlog

from zhike.core.actor import Actor
from zhike.core.clock import now
from zhike.core.errors import Conflict
from zhike.core.settings import settings
from zhike.core.snapshot import SnapshotStore
from zhike.core.text import Text
from zhike.core.workspace import workspace
from zhike.operations.customers import actions, collecting, queries
from zhike.operations.jobs.declaring import job
from zhike.operations.jobs.priorities import HOUSEKEEPING, LIVE, NIGHTLY
from zhike.operations.marketing import actions as marketing
from zhike.operations.marketing import queries as deciding

_HOUR = 3_600
NIGHTLY_HOURS = range(2, 6)  # of the bank's day; a later one takes over when somebody was writing
log = structlog.get_logger("zhike.jobs")


@job(
    "customers.refresh",
    title=Text("发布新快照", "Publish what is newer"),
    priority=LIVE,
    lease_seconds=2 * _HOUR,
    long=True,
    cron="* * * * *",
)
def refresh(actor: Actor) -> None:
    """Publishes the newest snapshot when its view is newer than the publication, and is of the facts beside it."""
    if not queries.publication_behind(actor):
        return
    try:
        done = actions.view_publish(actor)
    except Conflict as fault:  # facts came just now: the night builds and decides over them
        log.info("refresh waits", reason=str(fault))
    else:
        log.info("published", snapshot=done.published.snapshot, fresh=done.fresh)


@job(
    "customers.nightly",
    title=Text("夜间构建与决策", "Build and decide at night"),
    priority=NIGHTLY,
    lease_seconds=6 * _HOUR,
    long=True,
    cron="5 * * * *",
)
def nightly(actor: Actor) -> None:
    """At night: builds, decides and publishes as of the newest day, when facts came since the last build."""
    if now().astimezone(ZoneInfo(settings().zone)).hour not in NIGHTLY_HOURS:
        return
    try:
        build_and_publish(actor)
    except Conflict as fault:  # a writer is at work, or has just loaded: the next hour builds anew
        log.info("nightly waits", reason=str(fault))


@job(
    "customers.collect",
    title=Text("清理不再需要的文件", "Remove files that nothing needs"),
    priority=HOUSEKEEPING,
    lease_seconds=_HOUR,
    long=True,
    cron="35 * * * *",
)
def collect(actor: Actor) -> None:
    """Removes files that no kept snapshot names; waits for the next hour while somebody writes."""
    try:
        removed = actions.files_collect(actor)
    except Conflict:
        log.info("collect waits", reason="a writer is at work")
    else:
        log.info("collected", files=removed.files, snapshots=removed.snapshots)


def build_and_publish(actor: Actor) -> bool:
    """Says whether there was anything to do: newer facts, or decisions that this version cannot explain."""
    actions.operations_export(actor)
    manifest = SnapshotStore(workspace()).current()
    day = collecting.newest_day(manifest)
    if day is None or not (collecting.facts_changed(manifest) or _undecided(actor)):
        return False
    actions.view_build(actor, as_of=day)
    marketing.decisions_make(actor, as_of=day)
    actions.view_publish(actor)
    return True


def _undecided(actor: Actor) -> bool:
    return deciding.decisions_state(actor, at="current") != "stands"
