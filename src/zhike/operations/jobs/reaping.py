"""The reaper: takes up what a dead or hung worker left, lets what waits long rise, forgets dead workers.

One in every worker, none of them needed in particular: what each does is checked under the lock of the job.
A worker is dead when its heartbeat is old by the database's clock *and* did not change while this process looked on,
by a clock that nobody sets: a step of the wall clock kills nobody.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import connection

from zhike.operations.governance.acting import transaction_of, transaction_to_write
from zhike.operations.governance.actors import job_actor
from zhike.operations.jobs import actions
from zhike.operations.jobs.declaring import JOBS
from zhike.operations.jobs.fencing import TakenOver
from zhike.operations.jobs.priorities import LIVE, RANKS, RISE, RISE_SECONDS

REAPER = job_actor("jobs.reap")
_UNKNOWN_LEASE_SECONDS = 300
log = structlog.get_logger("zhike.jobs")


@dataclass(frozen=True)
class Pace:
    """How often what is looked at, in seconds. A job is taken up at most ``dead + look`` × 1.5 after its worker died,
    ``lease + grace + look`` after it began to hang: both within its lease and 60 s."""

    heartbeat: float = 10
    dead: float = 30
    look: float = 5
    grace: float = 5


@dataclass(frozen=True)
class _Left:
    """A run under way, and for how long; whose worker was last heard of when, None when it is not even known."""

    job_id: int
    name: str
    worker_id: int | None
    attempt: int
    seconds: float
    heard: datetime | None
    silent: float


class Reaper:
    """Remembers since when each worker's heartbeat has stood still."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._stood: dict[int, tuple[datetime, float]] = {}

    def look(self) -> None:
        """One look: every run that is lost is settled, one action each."""
        for run in list(_under_way()):
            how = self._lost(run)
            if how:
                self._take_up(run, how)
        with transaction_to_write(REAPER):
            _rise()
            _forget_workers()

    def _lost(self, run: _Left) -> str:
        declared = JOBS.get(run.name)
        lease = declared.lease_seconds if declared else _UNKNOWN_LEASE_SECONDS
        if run.seconds > lease + self._pace.grace:
            return "overdue"
        if run.worker_id is None or run.heard is None:
            return "killed"
        heard, since = self._stood.get(run.worker_id, (None, 0.0))
        if heard != run.heard:
            self._stood[run.worker_id] = (run.heard, time.monotonic())
            return ""
        stood = time.monotonic() - since
        return "killed" if run.silent > self._pace.dead and stood > self._pace.heartbeat * 1.2 else ""

    def _take_up(self, run: _Left, how: str) -> None:
        try:
            became = actions.run_settle(
                REAPER, job_id=run.job_id, worker_id=run.worker_id, attempt=run.attempt, how=how
            )
        except TakenOver:
            return
        log.warning("taken up", job=run.name, reason=how, status=became)


def _under_way() -> Iterator[_Left]:
    with transaction_of(REAPER), connection.cursor() as cursor:
        cursor.execute(
            "SELECT job.id, task_name, worker_id, attempts, extract(epoch FROM now() -"
            " (SELECT max(at) FROM procrastinate_events WHERE job_id = job.id AND type = 'started'))::float,"
            " last_heartbeat, extract(epoch FROM now() - last_heartbeat)::float"
            " FROM procrastinate_jobs AS job LEFT JOIN procrastinate_workers AS worker ON worker.id = worker_id"
            " WHERE status = 'doing'"
        )
        for job_id, name, worker_id, attempt, seconds, heard, silent in cursor.fetchall():
            yield _Left(job_id, name, worker_id, attempt, seconds or 0.0, heard, silent or 0.0)


def _rise() -> None:
    """For each ten minutes that a job waits, one step up; never above what somebody waits for."""
    ranks = [(queue, rank) for queue, rank in RANKS.items() if queue != LIVE]
    with connection.cursor() as cursor:
        for queue, rank in ranks:
            cursor.execute(
                "UPDATE procrastinate_jobs AS job SET priority = priority + %s WHERE status = 'todo'"
                " AND queue_name = %s AND priority < %s AND coalesce(scheduled_at, '-infinity') < now() AND (SELECT"
                " max(at) FROM procrastinate_events WHERE job_id = job.id AND type <> 'scheduled')"
                " < now() - make_interval(secs => %s * (1 + (priority - %s) / %s))",
                [RISE, queue, RANKS[LIVE], RISE_SECONDS, rank, RISE],
            )


def _forget_workers() -> None:
    """A worker unheard of for an hour, of which nothing is left under way."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_workers AS worker WHERE last_heartbeat < now() - interval '1 hour'"
            " AND NOT EXISTS (SELECT FROM procrastinate_jobs WHERE worker_id = worker.id AND status = 'doing')"
        )
