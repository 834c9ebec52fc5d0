"""The customers jobs: publish what is newer, build at night, remove what nothing needs."""

from zoneinfo import ZoneInfo

import structlog

from zhike.core.actor import Actor
from zhike.core.clock import now
from zhike.core.errors import Conflict
from zhike.core.settings import settings
from zhike.core.snapshot import SnapshotStore
from zhike.core.workspace import workspace
from zhike.operations.customers import actions, collecting, queries
from zhike.operations.governance.actors import job_actor
from zhike.operations.jobs import periodic
from zhike.operations.marketing import actions as marketing
from zhike.operations.marketing import queries as deciding

NIGHTLY_HOURS = range(2, 6)  # of the bank's day; a later one takes over when somebody was writing
log = structlog.get_logger("zhike.jobs")


@periodic("* * * * *", "customers.refresh")
def refresh(timestamp: int) -> None:
    """Publishes the newest snapshot when its view is newer than the publication, and is of the facts beside it."""
    actor = job_actor("customers.refresh")
    if not queries.publication_behind(actor):
        return
    try:
        done = actions.view_publish(actor)
    except Conflict as fault:  # facts came just now: the night builds and decides over them
        log.info("refresh waits", reason=str(fault))
    else:
        log.info("published", snapshot=done.published.snapshot, fresh=done.fresh)


@periodic("5 * * * *", "customers.nightly")
def nightly(timestamp: int) -> None:
    """At night: builds, decides and publishes as of the newest day, when facts came since the last build."""
    if now().astimezone(ZoneInfo(settings().zone)).hour not in NIGHTLY_HOURS:
        return
    try:
        build_and_publish()
    except Conflict as fault:  # a writer is at work, or has just loaded: the next hour builds anew
        log.info("nightly waits", reason=str(fault))


@periodic("35 * * * *", "customers.collect")
def collect(timestamp: int) -> None:
    """Removes files that no kept snapshot names; waits for the next hour while somebody writes."""
    try:
        removed = actions.files_collect(job_actor("customers.collect"))
    except Conflict:
        log.info("collect waits", reason="a writer is at work")
    else:
        log.info("collected", files=removed.files, snapshots=removed.snapshots)


def build_and_publish() -> bool:
    """Says whether there was anything to do: newer facts, or decisions that this version cannot explain."""
    actor = job_actor("customers.nightly")
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
