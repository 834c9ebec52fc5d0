"""Jobs: as an actor of their own, once per tick with several workers, taken up again after a kill."""

import subprocess
import sys
import time
from datetime import UTC, date, datetime

import pyarrow as pa
import pytest
import small_bank
from django.db import connection
from owning import entries
from procrastinate.contrib.django import app
from small_bank import AS_OF, become, load_facts

from zhike.core.snapshot import Manifest, SnapshotStore
from zhike.core.workspace import workspace
from zhike.data.tables import TABLES
from zhike.operations.customers import actions, collecting, jobs, queries
from zhike.operations.governance.actors import job_actor, system_actor
from zhike.operations.jobs.carrying import carried, own_actor
from zhike.operations.jobs.declaring import JOBS


def run(name: str) -> None:
    JOBS[name].function(own_actor(JOBS[name]))


def rows(statement: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def test_refresh_publishes_what_is_newer_as_its_own_actor(bank: None) -> None:
    run("customers.refresh")
    assert queries.publication_state(system_actor()).customers == 30
    (entry,) = entries(action="view.publish", outcome="finished")
    assert (entry.actor_kind, entry.actor_name) == ("job", "customers.refresh")
    before = len(entries())
    run("customers.refresh")
    assert len(entries()) == before


def test_the_night_builds_only_when_facts_came(bank: None) -> None:
    actor = job_actor("customers.nightly")
    assert not jobs.build_and_publish(actor)
    load_facts(workspace(), extra_purchases=3)
    assert collecting.newest_day(SnapshotStore(workspace()).current()) == AS_OF
    assert jobs.build_and_publish(actor)
    assert queries.publication_state(system_actor()).published.as_of == AS_OF
    assert not jobs.build_and_publish(actor)


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


def test_a_job_whose_worker_was_killed_runs_again(bank: None, child_environment: dict[str, str]) -> None:
    refresh = JOBS["customers.refresh"]
    app.configure_task(refresh.name).defer(actor=carried(refresh, own_actor(refresh)))
    with connection.cursor() as cursor:  # its worker is gone from the list, as a killed one is after an hour
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing'")
    worker = subprocess.Popen([sys.executable, "-m", "zhike.interfaces.cli", "worker"], env=child_environment)
    try:
        until = time.monotonic() + 300
        while not entries(action="view.publish", outcome="finished"):
            assert time.monotonic() < until, rows("SELECT task_name, status FROM procrastinate_jobs")
            time.sleep(0.2)
    finally:
        worker.terminate()
        assert worker.wait(timeout=120) == 0
    (entry,) = entries(action="job.fail")
    assert (entry.detail["how"], entry.detail["became"]) == ("killed", "todo")


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
