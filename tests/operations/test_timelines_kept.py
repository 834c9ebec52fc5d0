"""Timelines kept from the publication before equal those computed anew, whatever came, changed or went in between."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pytest
from data.random_facts import AS_OF, history
from django.db import connection, transaction

from zhike.core.engine import Session
from zhike.core.snapshot import Manifest, SnapshotStore
from zhike.core.workspace import workspace
from zhike.data.asof import Facts
from zhike.data.build import open_session
from zhike.data.tables import TABLES
from zhike.operations.customers import activity, pieces
from zhike.operations.customers.publishing import Copying


def facts_of(day: date) -> Facts:
    return Facts(lambda name: TABLES[name].unbound(), day)


def publications(seed: int, count: int) -> Iterator[tuple[Session, Facts]]:
    """The same bank again and again: with more rows or fewer, a day or a month later or earlier, with other holders."""
    chance, store = random.Random(seed), SnapshotStore(workspace())
    rows, share, day = history(seed), 0.6, AS_OF - timedelta(days=60)
    for _ in range(count):
        held = {name: [row for row in table if hash_of(row, seed) < share] for name, table in rows.items()}
        if chance.random() < 0.5 and len(held["account_party"]) > 1:
            one, other = chance.sample(held["account_party"], 2)
            one["party_id"] = other["party_id"]
        if chance.random() < 0.5:
            moved = chance.choice(held["transaction"])
            moved["purpose"] = f'said {chance.random()} "again"'
        manifest = Manifest()
        for name, table in held.items():
            arrow = pa.Table.from_pylist(table, TABLES[name].arrow_schema())
            manifest = manifest.with_table(name, [store.add(name, "", arrow)], arrow.schema)
        with open_session(store, manifest) as session:
            yield session, facts_of(day)
        share += chance.choice([0.0, 0.02, 0.1, -0.05])
        day += timedelta(days=chance.choice([0, 1, 1, 30, -20]))


def hash_of(row: dict[str, Any], seed: int) -> float:
    """Between 0 and 1, the same for the same row."""
    return random.Random(f"{seed} {sorted(map(str, row.items()))}").random()


def published(number: int) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT customer_id, entries::text FROM published.timeline_{number:06d}")
        return dict(cursor.fetchall())


@pytest.fixture
def publishing(committed: None, seeing_all: None) -> Iterator[None]:
    """A publication's one transaction, around all of a test."""
    with transaction.atomic():
        yield


@pytest.mark.parametrize("seed", range(4))
def test_kept_timelines_equal_computed_ones(publishing: None, seed: int) -> None:
    kept = 0
    for number, (session, facts) in enumerate(publications(seed, 6), 1):
        copying = Copying(number)
        pieces.copy_timelines(copying, session, facts)
        whole = activity.packed(session.stream(activity.timeline(facts)), "entries", activity.ENTRY)
        anew = Copying(900 + number)
        anew.copy("timeline", whole, key="customer_id", json={"entries"})
        assert published(number) == published(900 + number)
        assert copying.counts["timeline"] == anew.counts["timeline"] > 30
        changed = copying.changed("timeline_print")
        kept += copying.counts["timeline"] - changed.num_rows if changed is not None else 0
    assert kept > 20


def test_another_version_of_the_code_keeps_nothing(publishing: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, (session, facts) in enumerate(publications(1, 1), 1):
        pieces.copy_timelines(Copying(number), session, facts)
        monkeypatch.setattr(pieces, "fingerprint", lambda package: f"another {package}")
        again = Copying(number + 1)
        pieces.copy_timelines(again, session, facts)
        changed = again.changed("timeline_print")
        assert changed is not None
        assert changed.num_rows == again.counts["timeline"]
