"""What changes a job: how a run that did not end well is settled, and what a person decides."""

from datetime import timedelta
from typing import Any

from django.db import connection

from zhike.core.actor import Actor
from zhike.core.clock import now
from zhike.core.errors import Conflict, NotFound
from zhike.core.text import Text
from zhike.operations.governance.acting import action, note
from zhike.operations.governance.purpose import require_purpose
from zhike.operations.jobs.declaring import JOBS
from zhike.operations.jobs.fencing import TakenOver, take
from zhike.operations.jobs.models import JobEvent, JobTick

STRIKES = 3  # so often may a job kill or hang its worker
_LONGEST_BACKOFF_SECONDS = 3_600
_KEPT_TICKS, _KEPT_JOBS = timedelta(days=7), timedelta(days=90)
_OWN = ("raised", "refused")  # what a run says of itself; the rest is said by who found it lost
# procrastinate's words for what is called quarantined and given up here
QUARANTINED, GIVEN_UP = "aborted", "cancelled"


@action(permission="manage_jobs", audit="job.fail", about="job")
def run_settle(
    actor: Actor, *, job_id: int, worker_id: int | None, attempt: int, how: str, code: str = "", fault: str = "",
    place: str = "",
) -> str:  # fmt: skip
    """Writes down how a run ended and decides what becomes of its job; returns its status.

    Raises TakenOver when the run is not the job's any more: then nothing is written.
    """
    with connection.cursor() as cursor:
        name = take(cursor, job_id, worker_id, attempt, wait=how in _OWN)
        if name is None:
            raise TakenOver(f"Job {job_id} is another run's by now.")
        before = _since_retried(job_id)
        if how == "killed" and (attempt, "interrupted") in before:
            how = "interrupted"
        else:
            JobEvent.objects.create(
                job_id=job_id, job_name=name, attempt=attempt, how=how, code=code or how, fault=fault, place=place
            )
        status, wait = _sequel(name, how, [known for _, known in before] + [how])
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = %s::procrastinate_job_status, attempts = attempts + 1,"
            " abort_requested = false, scheduled_at = now() + make_interval(secs => %s) WHERE id = %s",
            [status, wait, job_id],
        )
    note(job=name, how=how, code=code or how, attempt=attempt, became=status)
    return status


@action(permission="manage_jobs", audit="job.interrupt", about="job")
def run_interrupt(actor: Actor, *, job_id: int, worker_id: int, attempt: int) -> None:
    """The worker was asked to stop while it runs this job: should it not get done, that is nobody's fault."""
    with connection.cursor() as cursor:
        name = take(cursor, job_id, worker_id, attempt, wait=True)
        if name is None:
            raise TakenOver(f"Job {job_id} is done, or another run's.")
    JobEvent.objects.create(job_id=job_id, job_name=name, attempt=attempt, how="interrupted", code="interrupted")


@action(permission="manage_jobs", audit="job.retry", about="job")
def job_retry(actor: Actor, *, job_id: int, purpose: str) -> None:
    """Lets a failed or quarantined job run again, its tries counted anew."""
    _decide(job_id, purpose, ("failed", QUARANTINED), "todo", "retried")


@action(permission="manage_jobs", audit="job.give_up", about="job")
def job_give_up(actor: Actor, *, job_id: int, purpose: str) -> None:
    """A job that waits, failed or is quarantined will not be run; it stays on record."""
    _decide(job_id, purpose, ("todo", "failed", QUARANTINED), GIVEN_UP, "given_up")


@action(permission="manage_jobs", audit="jobs.tidy")
def jobs_tidy(actor: Actor) -> int:
    """Removes ticks after a week, and jobs that ended otherwise than well, with what is known of them, after ninety
    days; returns how many jobs."""
    newest = JobTick.objects.order_by("job_name", "-tick").distinct("job_name").values_list("job_name", "tick")
    for name, tick in list(newest):
        JobTick.objects.filter(job_name=name, tick__lt=min(tick, now() - _KEPT_TICKS)).delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs AS job WHERE status NOT IN ('todo', 'doing') AND NOT EXISTS"
            " (SELECT FROM procrastinate_events WHERE job_id = job.id AND at > now() - %s)",
            [_KEPT_JOBS],
        )
        removed = cursor.rowcount
        cursor.execute(
            "DELETE FROM jobs_jobevent AS event WHERE at < now() - %s AND NOT EXISTS"
            " (SELECT FROM procrastinate_jobs AS job WHERE job.id = event.job_id)",
            [_KEPT_JOBS],
        )
    note(jobs=removed)
    return removed


def _since_retried(job_id: int) -> list[tuple[int, str]]:
    """(attempt, how) of what happened since the job was made, or since a person let it run again."""
    events = list(JobEvent.objects.filter(job_id=job_id).order_by("id").values_list("attempt", "how"))
    marks = [place for place, (_, how) in enumerate(events) if how == "retried"]
    return events[marks[-1] + 1 :] if marks else events


def _sequel(name: str, how: str, hows: list[str]) -> tuple[str, float]:
    """(status, seconds to wait) after a run that ended so."""
    if how == "refused":
        return QUARANTINED, 0
    if how == "interrupted":
        return "todo", 0
    if how in ("killed", "overdue"):
        strikes = hows.count("killed") + hows.count("overdue")
        return (QUARANTINED, 0) if strikes >= STRIKES else ("todo", strikes)
    raised, declared = hows.count("raised"), JOBS.get(name)
    if declared is None or raised > declared.retries:
        return "failed", 0
    return "todo", min(declared.backoff_seconds * 2 ** (raised - 1), _LONGEST_BACKOFF_SECONDS)


def _decide(job_id: int, purpose: str, of: tuple[str, ...], status: str, how: str) -> None:
    require_purpose(purpose)
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, attempts, status FROM procrastinate_jobs WHERE id = %s FOR UPDATE", [job_id])
        found: Any = cursor.fetchone()
        if found is None:
            raise NotFound(Text(f"没有任务 {job_id}，或已完成。", f"There is no job {job_id}, or it is done."))
        name, attempts, was = found
        if was not in of:
            raise Conflict(
                Text(f"任务 {job_id} 的状态已变化，请刷新。", f"Job {job_id} is {was} by now: look at it again.")
            )
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = %s::procrastinate_job_status, scheduled_at = NULL WHERE id = %s",
            [status, job_id],
        )
    JobEvent.objects.create(job_id=job_id, job_name=name, attempt=attempts, how=how, code=how)
    note(job=name, was=was)
