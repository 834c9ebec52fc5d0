"""The workers that serve starts: all of them stay up; the first runs every job, the second all but the nightly ones."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection
from procrastinate.contrib.django import app
from served_apart import children, port_apart, until

from zhike.operations.jobs.carrying import carried, own_actor
from zhike.operations.jobs.declaring import JOBS, discover
from zhike.operations.jobs.priorities import NIGHTLY, QUICK_QUEUES

_CALM_SECONDS = 3  # a worker that cannot look for jobs dies at its first look, within one second
_NIGHTLY_JOB, _QUICK_JOB = "audit.verify", "jobs.tidy"


@pytest.fixture
def workers(child_environment: dict[str, str], tmp_path: Path) -> Iterator[tuple[int, int, Path]]:
    """The first and the second worker of a server, and the file of what it says."""
    discover()
    said = tmp_path / "said"
    serve = [sys.executable, "-m", "zhike.interfaces.cli", "serve", "--port", str(port_apart())]
    with said.open("wb") as out:
        server = subprocess.Popen(serve, env=child_environment, stdout=out, stderr=out)
    try:
        until(lambda: "answers at" in said.read_text() and listed() == 2, told=said.read_text)
        (first,), (second,) = children(server.pid, "worker"), children(server.pid, "worker", "--quick")
        yield first, second, said
    finally:
        server.terminate()
        server.wait()


@contextmanager
def stopped(pid: int) -> Iterator[None]:
    """For less than the time after which the reaper takes a worker for dead."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def listed() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_workers")
        return int(cursor.fetchone()[0])


def put(name: str) -> int:
    return app.configure_task(name).defer(actor=carried(JOBS[name], own_actor(JOBS[name])))


def state(job_id: int) -> tuple[str, int]:
    """The job's status and tries; one that was done well is gone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text, attempts FROM procrastinate_jobs WHERE id = %s", [job_id])
        return cursor.fetchone() or ("done", 0)


@pytest.mark.slow
def test_both_workers_stay_up_and_only_the_first_takes_the_nightly_jobs(workers: tuple[int, int, Path]) -> None:
    first, second, said = workers
    assert (JOBS[_NIGHTLY_JOB].priority, JOBS[_QUICK_JOB].priority in QUICK_QUEUES) == (NIGHTLY, True)
    with stopped(first):
        nightly, quick = put(_NIGHTLY_JOB), put(_QUICK_JOB)
        until(lambda: state(quick) == ("done", 0), seconds=15)
        time.sleep(_CALM_SECONDS)
        assert state(nightly) == ("todo", 0)
    until(lambda: state(nightly) == ("done", 0))
    with stopped(second):
        quick = put(_QUICK_JOB)
        until(lambda: state(quick) == ("done", 0), seconds=15)
    assert all(Path(f"/proc/{pid}").exists() for pid in (first, second))
    assert "process ended" not in said.read_text()
