"""J1: workers killed and stopped at any time; every job ends, each effect is there once, each tick has one run."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from owning import owner
from trust.goals import SEED, goal, share

from zhike.core.actor import Actor
from zhike.operations.governance.acting import action
from zhike.operations.governance.actors import system_actor

WORKERS = 3
MIX = {"quick": share(60, 600), "slow": share(15, 200), "long": share(8, 100), "unsteady": share(8, 100),
       "raising": share(4, 20), "killing": share(1, 10), "hanging": share(1, 10)}  # fmt: skip
NEVER_DONE = ("raising", "killing", "hanging")
BEYOND_SECONDS = 60
PAUSED_SECONDS = 4
WORKER = "from trust import j1_jobs; from zhike.operations.jobs.worker import run_worker; run_worker(j1_jobs.PACE)"


@pytest.fixture
def jobs(committed: None) -> Iterator[Any]:
    """The jobs of the test, and the table of their effects; both gone afterwards."""
    from procrastinate.contrib.django import app
    from trust import j1_jobs

    from zhike.operations.jobs.declaring import JOBS

    JOBS.update({job.name: job for job in j1_jobs.OF_TEST})
    with owner() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS j1_effect; {j1_jobs.TABLE}")
    yield j1_jobs
    for job in j1_jobs.OF_TEST:
        del JOBS[job.name]
        app.tasks.pop(job.name, None)
    with owner() as cursor:
        cursor.execute("DROP TABLE j1_effect")


class Fleet:
    """Workers as an installation has them, each started again when it ends."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = environment
        self._ending = threading.Event()
        self._running: list[subprocess.Popen[bytes]] = []
        self.ended = 0
        self._keepers = [threading.Thread(target=self._keep) for _ in range(WORKERS)]
        for keeper in self._keepers:
            keeper.start()

    def any(self, chance: random.Random) -> subprocess.Popen[bytes] | None:
        running = [worker for worker in list(self._running) if worker.poll() is None]
        return chance.choice(running) if running else None

    def end(self) -> None:
        """Kills until every keeper has gone: one may just have started another worker."""
        self._ending.set()
        while any(keeper.is_alive() for keeper in self._keepers):
            for worker in list(self._running):
                worker.kill()
            time.sleep(0.05)

    def _keep(self) -> None:
        while not self._ending.is_set():
            worker = subprocess.Popen(
                [sys.executable, "-c", WORKER], env=self._environment, cwd=Path(__file__).parents[1],
                stderr=subprocess.DEVNULL,
            )  # fmt: skip
            self._running.append(worker)
            worker.wait()
            self._running.remove(worker)
            self.ended += 1


def rows(statement: str) -> list[tuple[Any, ...]]:
    with owner() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def enqueue_all(jobs: Any, chance: random.Random) -> dict[int, str]:
    from zhike.operations.jobs.enqueuing import enqueue

    @action(permission="manage_jobs", audit="j1.begin")
    def begin(actor: Actor, *, name: str, number: int) -> int:
        return enqueue(getattr(jobs, name), number=number)

    names = [name for name, count in MIX.items() for _ in range(count)]
    chance.shuffle(names)
    return {begin(system_actor(), name=name, number=number): name for number, name in enumerate(names)}


def torment(fleet: Fleet, chance: random.Random, kills: int) -> tuple[int, int]:
    """Kills workers at random times; every fourth is paused instead for longer than it takes to be thought dead."""
    killed = paused = 0
    while killed + paused < kills:
        time.sleep(chance.uniform(0.1, 1.4))
        worker = fleet.any(chance)
        if worker is None:
            continue
        with contextlib.suppress(ProcessLookupError):
            if chance.random() < 0.25:
                os.kill(worker.pid, signal.SIGSTOP)
                threading.Timer(PAUSED_SECONDS, worker.send_signal, [signal.SIGCONT]).start()
                paused += 1
            else:
                os.kill(worker.pid, signal.SIGKILL)
                killed += 1
    return killed, paused


class Watch:
    """Looks twice a second how long each run has been under way beyond its lease; keeps the worst."""

    def __init__(self, lease: float) -> None:
        self.worst = 0.0
        self._lease = lease
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()

    def end(self) -> None:
        self._stop.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._stop.wait(0.5):
            ((seconds,),) = rows(
                "SELECT max(extract(epoch FROM now() - (SELECT max(at) FROM procrastinate_events AS event"
                " WHERE event.job_id = job.id AND type = 'started')))::float"
                " FROM procrastinate_jobs AS job WHERE status = 'doing' AND task_name LIKE 'j1.%'"
            )
            self.worst = max(self.worst, (seconds or 0.0) - self._lease)


def wait_for_the_end(fleet: Fleet, seconds: float) -> None:
    until = time.monotonic() + seconds
    open_jobs = (
        "SELECT id, task_name, status, attempts FROM procrastinate_jobs"
        " WHERE status IN ('todo', 'doing') AND task_name LIKE 'j1.%' AND task_name <> 'j1.tick'"
    )
    while left := rows(open_jobs):
        assert time.monotonic() < until, f"not ended: {left}"
        time.sleep(0.5)


def wait_for_the_server() -> None:
    """What a killed worker had sent before it died is still carried out: until then nothing is counted."""
    working = (
        "SELECT pid, state FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND state <> 'idle' AND backend_type = 'client backend'"
    )
    until = time.monotonic() + 60
    while left := rows(working):
        assert time.monotonic() < until, f"still at work: {left}"
        time.sleep(0.1)


def test_J1_every_job_ends_and_every_effect_is_there_once(jobs: Any, child_environment: dict[str, str]) -> None:
    chance, kills = random.Random(SEED), share(20, 300)
    with goal("J1") as figures:
        given = enqueue_all(jobs, chance)
        fleet, watch = Fleet(child_environment), Watch(jobs.LEASE)
        try:
            killed, paused = torment(fleet, chance, kills)
            wait_for_the_end(fleet, seconds=share(300, 900))
        finally:
            watch.end()
            fleet.end()
            wait_for_the_server()
        ends = dict(rows("SELECT id, status::text FROM procrastinate_jobs"))
        told = Counter(ends.get(job_id, "done") for job_id in given)
        figures.append(f"{len(given)} jobs, {killed} workers killed, {paused} paused, {fleet.ended} ended in all")
        figures.append(f"{told['done']} done, {told['failed']} failed, {told['aborted']} quarantined")
        figures.append(f"at most {watch.worst:.1f} s beyond the lease")
        assert set(told) <= {"done", "failed", "aborted"}, told
        assert watch.worst < BEYOND_SECONDS
        effects = Counter((job_id, part) for job_id, part in rows("SELECT job_id, part FROM j1_effect"))
        _once(given, ends, effects)
        figures.append(_ticks(ends, effects))


def _once(given: dict[int, str], ends: dict[int, str], effects: "Counter[tuple[int, int]]") -> None:
    for job_id, name in given.items():
        done, parts = job_id not in ends, range(3 if name == "long" else 1)
        seen = [effects[job_id, part] for part in parts]
        if name == "long":  # what a step committed stays, whatever became of the job
            assert all(count <= 1 for count in seen), f"{name} {job_id}: {seen}"
            assert not done or sum(seen) == 3, f"{name} {job_id} is done with {seen}"
        else:
            assert seen == [int(done)], f"{name} {job_id} ({ends.get(job_id, 'done')}): {seen} effects"
        assert not (done and name in NEVER_DONE)


def _ticks(ends: dict[int, str], effects: "Counter[tuple[int, int]]") -> str:
    ticks = rows("SELECT job_id FROM jobs_jobtick WHERE job_name = 'j1.tick' ORDER BY tick")
    jobs = [job_id for (job_id,) in ticks if job_id is not None]
    ran = {job_id for (job_id,) in rows("SELECT job_id FROM j1_effect WHERE name = 'tick'")}
    assert len(set(jobs)) == len(jobs)
    assert ran <= set(jobs), "a run that no tick asked for"
    for job_id in jobs:
        assert effects[job_id, 0] == int(job_id not in ends), f"tick {job_id} ({ends.get(job_id, 'done')})"
    assert len(ran) >= 3
    return f"{WORKERS} schedulers: {len(ticks)} ticks, {len(jobs)} jobs, {len(ran)} runs, 0 twice"
