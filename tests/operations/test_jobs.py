"""Jobs: as an actor of their own, once per tick with several workers, taken up again after a kill."""

import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pytest
import small_bank
from django.db import connection
from procrastinate.contrib.django import app
from small_bank import AS_OF, become, load_facts

from zhike.core.clock import now
from zhike.core.snapshot import Manifest, SnapshotStore
from zhike.core.workspace import workspace
from zhike.data.tables import TABLES
from zhike.operations.customers import actions, collecting, jobs, queries
from zhike.operations.governance.actors import job_actor, system_actor
from zhike.operations.governance.models import AuditEntry

# Two workers race to defer the same ticks of the last minutes.
DEFER = """
import asyncio, time
from zhike.interfaces.cli.session import set_up_django
set_up_django()
from procrastinate import periodic
from zhike.operations.jobs import discover
from procrastinate.contrib.django import app

discover()

async def defer():
    with app.replace_connector(app.connector.get_worker_connector()) as worker:
        async with worker.open_async():
            deferrer = periodic.PeriodicDeferrer(worker.periodic_registry, max_delay=600)
            await deferrer.defer_jobs(deferrer.get_previous_tasks(at=time.time()))
asyncio.run(defer())
"""


def rows(statement: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def test_every_job_is_known_to_the_worker(committed: None) -> None:
    assert {"customers.refresh", "customers.nightly", "customers.collect", "jobs.reap"} <= app.tasks.keys()


def test_refresh_publishes_what_is_newer_as_its_own_actor(bank: None) -> None:
    jobs.refresh(0)
    assert queries.publication_state(system_actor()).customers == 30
    entry = AuditEntry.objects.filter(action="view.publish", outcome="finished").get()
    assert (entry.actor_kind, entry.actor_name) == ("job", "customers.refresh")
    entries = AuditEntry.objects.count()
    jobs.refresh(0)
    assert AuditEntry.objects.count() == entries


def test_the_night_builds_only_when_facts_came(bank: None) -> None:
    assert not jobs.build_and_publish()
    load_facts(workspace(), extra_purchases=3)
    assert collecting.newest_day(SnapshotStore(workspace()).current()) == AS_OF
    assert jobs.build_and_publish()
    assert queries.publication_state(system_actor()).published.as_of == AS_OF
    assert not jobs.build_and_publish()


def test_no_event_of_the_future_moves_the_bank(bank: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """On 16 July in Shanghai, still the 15th in UTC: an event may be dated wrong, or a file be of tomorrow."""
    monkeypatch.setattr(collecting, "now", lambda: datetime(2026, 7, 15, 17, tzinfo=UTC))
    store, far = SnapshotStore(workspace()), date(2099, 1, 1)

    def newest(*days: tuple[date, date]) -> date | None:
        rows = [
            small_bank.purchase(0, f"small:late-{place}", happened) | {"known_at": known}
            for place, (happened, known) in enumerate(days)
        ]
        table = pa.Table.from_pylist(rows, TABLES["transaction"].arrow_schema())
        file = store.add("transaction", "", table)
        return collecting.newest_day(Manifest().with_table("transaction", [file], table.schema))

    assert newest((far, AS_OF)) == AS_OF
    assert newest((AS_OF, AS_OF), (far, far), (AS_OF, date(2026, 7, 17))) == AS_OF
    assert newest((AS_OF, AS_OF), (AS_OF, date(2026, 7, 16))) == date(2026, 7, 16)
    assert newest((far, far)) is None
    assert collecting.newest_day(Manifest()) is None


def test_a_tick_is_deferred_once_by_two_workers(child_environment: dict[str, str]) -> None:
    command = [sys.executable, "-c", DEFER]
    workers = [subprocess.Popen(command, env=child_environment) for _ in range(2)]
    assert [worker.wait(timeout=60) for worker in workers] == [0, 0]
    ticks = rows("SELECT task_name, defer_timestamp, count(*) FROM procrastinate_periodic_defers GROUP BY 1, 2")
    assert {name for name, _, _ in ticks} >= {"customers.refresh", "jobs.reap"}
    assert {count for _, _, count in ticks} == {1}
    waiting = dict(rows("SELECT task_name, count(*) FROM procrastinate_jobs WHERE status = 'todo' GROUP BY 1"))
    assert set(waiting.values()) == {1}


def test_a_job_whose_worker_was_killed_runs_again(bank: None, child_environment: dict[str, str]) -> None:
    app.configure_task("customers.refresh").defer(timestamp=0)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s) RETURNING id", [now() - timedelta(hours=1)]
        )
        (dead,) = cursor.fetchone()
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s", [dead])
    app.configure_task("jobs.reap").defer(timestamp=0)
    worker = subprocess.Popen([sys.executable, "-m", "zhike.interfaces.cli", "worker"], env=child_environment)
    try:
        until = time.monotonic() + 40
        while not AuditEntry.objects.filter(action="view.publish", outcome="finished").exists():
            assert time.monotonic() < until, rows("SELECT task_name, status FROM procrastinate_jobs")
            time.sleep(0.2)
    finally:
        worker.terminate()
        assert worker.wait(timeout=20) == 0


def test_collecting_keeps_what_is_reachable(bank: None) -> None:
    actions.view_publish(system_actor())
    for extra in (1, 2, 3):
        become(extra)
    store = SnapshotStore(workspace())
    published = queries.publication_state(system_actor()).published.snapshot
    loose = workspace().facts / "transaction" / "loose.parquet"
    loose.write_bytes(b"left by a load that was killed")
    removed = actions.files_collect(job_actor("customers.collect"))
    assert removed.files >= 1
    assert removed.snapshots >= 1
    assert not loose.exists()
    kept = {path.stem for path in workspace().snapshots.glob("*.json")}
    assert {published, store.current_id()} <= kept
    assert len(kept) <= collecting.KEPT_SNAPSHOTS + 2
    assert all(store.damaged(store.load(snapshot), deep=True) == [] for snapshot in kept)
    assert actions.files_collect(job_actor("customers.collect")).files == 0
