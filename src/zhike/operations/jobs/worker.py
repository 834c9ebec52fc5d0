"""The worker: runs one job at a time; beside it the sealer, the schedule, the reaper, and a watch on itself.

One job to a process, so that a job that kills its process is known for certain. All around it are threads: a job that
hangs holds up none of them, and a worker whose job outlives its lease ends itself, to be started anew.
"""

import asyncio
import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

import structlog
from asgiref.sync import sync_to_async
from django.db import DatabaseError, close_old_connections, connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.job_context import JobContext
from procrastinate.jobs import DeleteJobCondition, Job, Status
from procrastinate.manager import JobManager
from procrastinate.worker import Worker

from zhike.operations.governance.audit.sealer import seal_until
from zhike.operations.jobs import actions
from zhike.operations.jobs.declaring import JOBS, discover
from zhike.operations.jobs.fencing import TakenOver
from zhike.operations.jobs.priorities import QUICK_QUEUES
from zhike.operations.jobs.reaping import Pace, Reaper
from zhike.operations.jobs.running import UNDER_WAY, WORKER, run
from zhike.operations.jobs.schedule import Schedule

_NEVER_SECONDS = 10 * 365 * 24 * 3600.0  # procrastinate would forget workers by the wall clock: the reaper does it
_WATCH_SECONDS = 0.5
EXIT_OVERDUE = 71
log = structlog.get_logger("zhike.jobs")


def run_worker(pace: Pace | None = None, nightly: bool = True) -> None:
    """Runs jobs until SIGINT or SIGTERM; without ``nightly`` it leaves that queue to others."""
    discover()
    # A list: PostgreSQL is sent a tuple as a row, which is no array of names to look a queue up in.
    queues = None if nightly else list(QUICK_QUEUES)
    pace, stopped, stopping = pace or Pace(), threading.Event(), threading.Event()
    if not isinstance(app.connector, DjangoConnector):
        raise TypeError(f"the worker needs the Django connector, got {type(app.connector).__name__}")
    beside = [
        threading.Thread(target=seal_until, args=(stopped,), name="audit sealer"),
        _every(1, Schedule().look, stopped, "schedule"),
        _every(pace.look, Reaper(pace).look, stopped, "reaper"),
        _every(_WATCH_SECONDS, lambda: _watch(pace, stopping), stopped, "watch"),
    ]
    for thread in beside:
        thread.start()
    try:
        with app.replace_connector(app.connector.get_worker_connector()) as worker_app:
            before, worker_app.job_manager = worker_app.job_manager, FencedManager(worker_app.connector)
            try:
                asyncio.run(_work(worker_app, pace, queues, stopping))
            finally:
                worker_app.job_manager = before
    finally:
        stopped.set()
        for thread in beside:
            thread.join()


class FencedManager(JobManager):
    """Ends only the run that it is told of; what did not end well `running` has settled, or the reaper will."""

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:
        if status is Status.ABORTED:
            return
        own = "WHERE id = %(id)s AND status = 'doing' AND worker_id = %(worker)s AND attempts = %(attempt)s"
        change = (
            f"DELETE FROM procrastinate_jobs {own}"
            if delete_job
            else f"UPDATE procrastinate_jobs SET status = %(status)s, attempts = attempts + 1 {own}"
        )
        told = {"id": job.id, "worker": job.worker_id, "attempt": job.attempts}
        await self.connector.execute_query_async(change, **told, **({} if delete_job else {"status": status.value}))


async def _work(worker_app: Any, pace: Pace, queues: list[str] | None, stopping: threading.Event) -> None:
    async with worker_app.open_async():
        worker = Worker(
            app=worker_app, queues=queues, concurrency=1, install_signal_handlers=False,
            delete_jobs=DeleteJobCondition.SUCCESSFUL, update_heartbeat_interval=pace.heartbeat,
            stalled_worker_timeout=_NEVER_SECONDS, fetch_job_polling_interval=min(pace.look, 5),
            worker_middleware=[_declared_only],
        )  # fmt: skip

        def stop() -> None:
            stopping.set()
            worker.stop()

        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop)
        await worker.run()


async def _declared_only(call_next: Callable[[], Any], context: JobContext, _worker: Worker) -> Any:
    """What was registered beside the decorator has no actor, no lease and no fence: it is not run."""
    if context.job.task_name in JOBS:
        return await call_next()
    return await sync_to_async(run, thread_sensitive=False)(context.job, {})


def _every(seconds: float, look: Callable[[], None], stopped: threading.Event, name: str) -> threading.Thread:
    def go_on() -> None:
        while not stopped.wait(seconds):
            try:
                look()
            except (DatabaseError, OSError) as fault:
                log.warning(f"the {name} waits", exception=type(fault).__name__)
                close_old_connections()
            except Exception as fault:  # a fault in one look must not end all later ones
                log.exception(f"the {name} failed", exc_info=fault)
        connection.close()

    return threading.Thread(target=go_on, name=name)


def _watch(pace: Pace, stopping: threading.Event) -> None:
    """Ends this process when its job outlived the lease; says so when a job is still under way at the stop."""
    for this in list(UNDER_WAY.values()):
        if time.monotonic() > this.ends + pace.grace:
            log.error("a job outlived its lease: this worker ends", code="overdue")
            os._exit(EXIT_OVERDUE)
        if stopping.is_set() and this.job_id not in _TOLD:
            _TOLD.add(this.job_id)
            with contextlib.suppress(TakenOver):
                actions.run_interrupt(WORKER, job_id=this.job_id, worker_id=this.worker_id, attempt=this.attempt)


_TOLD: set[int] = set()  # the jobs of which it was said that the stop interrupted them
