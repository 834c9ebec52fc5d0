"""What is told of jobs: the list, and how the queue and its workers are."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db import connection

from zhike.core.actor import Actor
from zhike.core.errors import BadInput, NotFound
from zhike.core.text import Text
from zhike.operations.governance.acting import query
from zhike.operations.jobs.declaring import JOBS, discover
from zhike.operations.jobs.models import JobEvent, JobTick

_MOST_ROWS = 500
State = Literal["waiting", "running", "failed", "quarantined", "given_up"]
# state -> procrastinate's word
STATES: dict[State, str] = {
    "running": "doing", "waiting": "todo", "failed": "failed", "quarantined": "aborted", "given_up": "cancelled",
}  # fmt: skip
_OF_STATUS = {status: state for state, status in STATES.items()}
_ALIVE_SECONDS = 60


@dataclass(frozen=True)
class JobRow:
    """One job; ``since`` is when it came into its state, ``due`` when it may run next, ``code`` what went wrong last
    with ``fault`` and ``place`` (`faults`), ``happened`` when."""

    id: int
    name: str
    title: Text | None
    state: State
    queue: str
    attempts: int
    actor: str
    on_behalf_of: str
    enqueued: datetime | None
    since: datetime | None
    due: datetime | None
    code: str
    fault: str
    place: str
    happened: datetime | None


@dataclass(frozen=True)
class Happened:
    """One run that did not end well, or one decision on a job."""

    at: datetime
    attempt: int
    how: str
    code: str
    fault: str
    place: str


@dataclass(frozen=True)
class Queue:
    """How the queue and its workers are. Ages in seconds; ``heard_seconds`` is None without a worker."""

    counts: dict[State, int]
    waiting: dict[str, int]
    oldest_wait_seconds: float
    workers: int
    heard_seconds: float | None
    failed_today: int
    last_failed: str

    @property
    def alive(self) -> bool:
        return self.heard_seconds is not None and self.heard_seconds < _ALIVE_SECONDS


@dataclass(frozen=True)
class Periodic:
    """A periodic job: its cron line, the newest tick seen to, and when that was."""

    name: str
    title: Text
    cron: str
    tick: datetime | None
    seen: datetime | None


@query(permission="view_jobs")
def jobs_list(actor: Actor, *, states: tuple[State, ...], before: int | None = None, limit: int = 50) -> list[JobRow]:
    """The jobs of some states, newest first, before an id; raises BadInput for a page of other than 1 to 500 rows."""
    if not 1 <= limit <= _MOST_ROWS:
        raise BadInput(Text(f"每页行数须在 1 到 {_MOST_ROWS} 之间。", f"limit must be between 1 and {_MOST_ROWS}."))
    discover()
    wanted = "status::text = ANY (%s) AND (%s::bigint IS NULL OR job.id < %s)"
    return _jobs(wanted, [[STATES[state] for state in states], before, before], limit)


def _jobs(wanted: str, values: list[Any], limit: int) -> list[JobRow]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT job.id, task_name, status::text, queue_name, attempts, coalesce(args->'actor'->>'name', ''),"
            " coalesce(args->'actor'->>'on_behalf_of', ''), moved.first, moved.last, scheduled_at,"
            " coalesce(event.code, ''), coalesce(event.fault, ''), coalesce(event.place, ''), event.at"
            " FROM procrastinate_jobs AS job"
            " LEFT JOIN LATERAL (SELECT min(at) AS first, max(at) AS last FROM procrastinate_events"
            "  WHERE job_id = job.id AND type <> 'scheduled') AS moved ON true"
            " LEFT JOIN LATERAL (SELECT * FROM jobs_jobevent WHERE job_id = job.id ORDER BY id DESC LIMIT 1) AS event"
            "  ON true"
            f" WHERE {wanted} ORDER BY job.id DESC LIMIT %s",
            [*values, limit],
        )
        return [_row(*row) for row in cursor.fetchall()]


@query(permission="view_jobs")
def job_get(actor: Actor, job_id: int) -> tuple[JobRow, list[Happened]]:
    """One job, and all that went otherwise than well, newest first; raises NotFound for one that is done."""
    discover()
    found = _jobs("job.id = %s", [job_id], 1)
    if not found:
        raise NotFound(Text(f"没有任务 {job_id}，或已完成。", f"There is no job {job_id}, or it is done."))
    events = JobEvent.visible_to(actor).filter(job_id=job_id).order_by("-id")
    return found[0], [
        Happened(event.at, event.attempt, event.how, event.code, event.fault, event.place) for event in events
    ]


@query(permission="view_jobs")
def queue_state(actor: Actor) -> Queue:
    """Counts, ages and workers of now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY 1")
        counts = {_OF_STATUS[status]: count for status, count in cursor.fetchall() if status in _OF_STATUS}
        cursor.execute(
            "SELECT queue_name, count(*), max(extract(epoch FROM now() - greatest(scheduled_at,"
            " (SELECT max(at) FROM procrastinate_events WHERE job_id = job.id AND type <> 'scheduled')))::float)"
            " FROM procrastinate_jobs AS job WHERE status = 'todo' GROUP BY 1"
        )
        waiting = cursor.fetchall()
        cursor.execute(
            "SELECT count(*) FILTER (WHERE last_heartbeat > now() - make_interval(secs => %s)),"
            " extract(epoch FROM now() - max(last_heartbeat))::float FROM procrastinate_workers",
            [_ALIVE_SECONDS],
        )
        workers, heard = cursor.fetchone()
        cursor.execute(
            "SELECT task_name FROM procrastinate_jobs AS job JOIN procrastinate_events ON job_id = job.id"
            " WHERE status IN ('failed', 'aborted') AND type IN ('failed', 'aborted') AND at > now() - interval '1 day'"
            " ORDER BY at DESC"
        )
        failed = [name for (name,) in cursor.fetchall()]
    return Queue(
        counts, {queue: count for queue, count, _ in waiting}, max([0.0, *(age or 0.0 for _, _, age in waiting)]),
        workers, heard, len(failed), failed[0] if failed else "",
    )  # fmt: skip


@query(permission="view_jobs")
def periodic_list(actor: Actor) -> list[Periodic]:
    """Every periodic job, by name, with its newest tick."""
    discover()
    newest = {
        tick.job_name: tick for tick in JobTick.visible_to(actor).order_by("job_name", "-tick").distinct("job_name")
    }
    return [
        Periodic(job.name, job.title, job.cron, *((tick.tick, tick.at) if tick else (None, None)))
        for job in sorted(JOBS.values(), key=lambda job: job.name)
        if job.cron
        for tick in (newest.get(job.name),)
    ]


def _row(job_id: int, name: str, status: str, *rest: Any) -> JobRow:
    declared = JOBS.get(name)
    return JobRow(job_id, name, declared.title if declared else None, _OF_STATUS[status], *rest)
