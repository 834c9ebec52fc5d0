"""The worker, and the jobs of all apps. A job runs as an actor of its own; what it does is an action like any other."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection
from django.utils.module_loading import autodiscover_modules
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status


def run_worker() -> None:
    """Runs jobs until SIGINT or SIGTERM."""
    discover()
    if not isinstance(app.connector, DjangoConnector):
        raise TypeError(f"the worker needs the Django connector, got {type(app.connector).__name__}")
    with app.replace_connector(app.connector.get_worker_connector()) as worker:
        worker.run_worker(concurrency=2, install_signal_handlers=True, delete_jobs="successful")


def discover() -> None:
    """Imports the ``jobs`` module of every app that has one: only who runs jobs pays for them."""
    autodiscover_modules("jobs")


@dataclass(frozen=True)
class WorkerState:
    """Whether a worker was heard of in the last minute, and what failed in the last day."""

    alive: bool
    failed: int
    last_failed: str


def worker_state() -> WorkerState:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) > 0 FROM procrastinate_workers WHERE last_heartbeat > now() - interval '1 minute'"
        )
        (alive,) = cursor.fetchone()
        cursor.execute(
            "SELECT task_name FROM procrastinate_jobs JOIN procrastinate_events ON job_id = procrastinate_jobs.id"
            " WHERE status = 'failed' AND type = 'failed' AND at > now() - interval '1 day' ORDER BY at DESC"
        )
        failed = [name for (name,) in cursor.fetchall()]
    return WorkerState(alive, len(failed), failed[0] if failed else "")


def periodic(cron: str, name: str) -> Callable[[Callable[[int], None]], Callable[[int], None]]:
    """Makes ``function(timestamp)`` a job that runs once per tick, however many workers there are.

    One run at a time (lock), one waiting at most (queueing lock): a tick that comes while one waits adds nothing.
    """

    def decorate(function: Callable[[int], None]) -> Callable[[int], None]:
        task = app.task(name=name, lock=name, queueing_lock=name)(function)
        app.periodic(cron=cron)(task)
        return function

    return decorate


@app.periodic(cron="* * * * *")
@app.task(name="jobs.reap", queueing_lock="jobs.reap")
async def reap(timestamp: int) -> None:
    """Takes up jobs whose worker was killed under them: each runs again, or gives way to its successor that waits."""
    for job in await app.job_manager.get_stalled_jobs():
        try:
            await app.job_manager.retry_job(job)
        except UniqueViolation:
            await app.job_manager.finish_job(job, status=Status.ABORTED, delete_job=False)
