"""The schedule of periodic jobs: each tick once, however many schedulers look, and whatever their clocks do.

The only clock is the database's. A tick is a row, its job is enqueued in the same transaction, under a lock for the
job. After a pause only the newest tick is seen to: one run catches up. When the clock was set back, ticks up to the
newest one seen to are over; set back by more than an hour, the newest one counts as an error and time goes on from
here, a tick that has its row still being over.
"""

from datetime import datetime, timedelta

from django.db import connection
from procrastinate.contrib.django import app

from zhike.operations.governance.acting import transaction_of, transaction_to_write
from zhike.operations.governance.actors import job_actor
from zhike.operations.jobs.carrying import carried, own_actor
from zhike.operations.jobs.declaring import JOBS, Job
from zhike.operations.jobs.models import JobTick
from zhike.operations.jobs.ticks import newest_tick

SCHEDULER = job_actor("jobs.schedule")
_SCHEDULING = 0x7A68_746B  # the advisory lock of whoever sees to a tick, with the job's name
_CLOCK_ERROR = timedelta(hours=1)


class Schedule:
    """Sees to what is due; remembers what it saw, so that most looks are one query."""

    def __init__(self) -> None:
        self._seen: dict[str, datetime] = {}

    def look(self) -> None:
        """Enqueues every periodic job whose newest tick nobody has seen to."""
        now = _database_now()
        for job in JOBS.values():
            if job.cron:
                tick = newest_tick(job.cron, now)
                if self._seen.get(job.name) != tick:
                    see_to(job, tick, now)
                    self._seen[job.name] = tick


def see_to(job: Job, tick: datetime, now: datetime) -> int | None:
    """Enqueues the job of a tick and returns its id; None when the tick is over, or one of the job waits already."""
    with transaction_to_write(SCHEDULER), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_SCHEDULING, job.name])
        ticks = JobTick.objects.filter(job_name=job.name)
        last = ticks.order_by("-tick").values_list("tick", flat=True).first()
        if last is not None and tick <= last <= now + _CLOCK_ERROR:
            return None
        if ticks.filter(tick=tick).exists():
            return None
        made = None if last is None or _waits(job) else _enqueued(job)
        JobTick.objects.create(job_name=job.name, tick=tick, job_id=made)
        return made


def _enqueued(job: Job) -> int:
    return app.configure_task(job.name).defer(actor=carried(job, own_actor(job)))


def _waits(job: Job) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM procrastinate_jobs WHERE task_name = %s AND status = 'todo')", [job.name]
        )
        return bool(cursor.fetchone()[0])


def _database_now() -> datetime:
    with transaction_of(SCHEDULER), connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        found: datetime = cursor.fetchone()[0]
        return found
