"""P3: every edit, deletion, reordering and truncation of the sealed audit log is found; the unsealed tail is shown."""

import json
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from owning import owner
from trust.goals import SEED, goal, share

from zhike.core.workspace import workspace
from zhike.operations.governance.actors import system_actor
from zhike.operations.governance.audit import chain
from zhike.operations.governance.audit.sealer import seal
from zhike.operations.governance.audit.verify import audit_tail, audit_verify
from zhike.operations.governance.belonging import branches_keep

ENTRIES, SEALS = 120, 8
TABLES = ("governance_auditentry", "governance_auditsealed", "governance_auditseal", "governance_auditunsealed")


@pytest.fixture
def log(committed: None) -> Iterator[None]:
    """A log of some entries and seals, anchored, and three entries not sealed yet."""
    chain.anchors_path(workspace()).unlink(missing_ok=True)
    for number in range(ENTRIES):
        branches_keep(system_actor(), versions=[])
        if number % (ENTRIES // SEALS) == 0:
            assert seal() > 0
    seal()
    for _ in range(3):
        branches_keep(system_actor(), versions=[])
    yield
    chain.anchors_path(workspace()).unlink(missing_ok=True)


def _edit(cursor: Any, chance: random.Random) -> str:
    column = chance.choice(["actor_name", "action", "outcome", "object_id", "purpose", "detail", "at", "actor_kind"])
    entry = chance.randrange(1, ENTRIES)
    change = {"detail": "'{\"x\": 1}'", "at": "at + interval '1 microsecond'", "outcome": "'failed'"}.get(
        column, f"{column} || 'x'"
    )
    cursor.execute(
        f"UPDATE governance_auditentry SET {column} = {change}"
        f" WHERE id = (SELECT entry_id FROM governance_auditsealed WHERE position = {entry})"
    )
    return f"{column} of the entry at place {entry}"


def _delete(cursor: Any, chance: random.Random) -> str:
    place = chance.randrange(1, ENTRIES)
    what = chance.choice(
        ["the entry", "its place", "both", "an unsealed entry", "a waiting entry's place in the queue"]
    )
    entry = f"(SELECT entry_id FROM governance_auditsealed WHERE position = {place})"
    if what in ("the entry", "both"):
        cursor.execute(f"DELETE FROM governance_auditentry WHERE id = {entry}")
    if what in ("its place", "both"):
        cursor.execute(f"DELETE FROM governance_auditsealed WHERE position = {place}")
    if what == "an unsealed entry":
        cursor.execute(
            "DELETE FROM governance_auditentry WHERE id = (SELECT max(entry_id) FROM governance_auditunsealed)"
        )
    if what.startswith("a waiting"):
        cursor.execute(
            "DELETE FROM governance_auditunsealed WHERE entry_id = (SELECT min(entry_id) FROM governance_auditunsealed)"
        )
    return f"deleted {what} ({place})"


def _reorder(cursor: Any, chance: random.Random) -> str:
    one, other = chance.sample(range(1, ENTRIES), 2)
    cursor.execute(
        "SELECT position, entry_id FROM governance_auditsealed WHERE position IN (%s, %s) ORDER BY 1", [one, other]
    )
    (low, first), (high, second) = cursor.fetchall()
    cursor.execute("DELETE FROM governance_auditsealed WHERE position IN (%s, %s)", [low, high])
    cursor.execute("INSERT INTO governance_auditsealed VALUES (%s, %s), (%s, %s)", [low, second, high, first])
    return f"exchanged {low} and {high}"


def _truncate(cursor: Any, chance: random.Random) -> str:
    number = chance.randrange(1, SEALS)
    cursor.execute(
        "DELETE FROM governance_auditsealed WHERE position >"
        " (SELECT last_position FROM governance_auditseal WHERE number = %s)",
        [number],
    )
    cursor.execute("DELETE FROM governance_auditseal WHERE number > %s", [number])
    cursor.execute("DELETE FROM governance_auditentry WHERE id NOT IN (SELECT entry_id FROM governance_auditsealed)")
    cursor.execute("DELETE FROM governance_auditunsealed")
    return f"cut off behind seal {number}, in every table"


def _seal_changed(cursor: Any, chance: random.Random) -> str:
    number = chance.randrange(1, SEALS)
    change = chance.choice(
        ["hash = decode(repeat('00', 32), 'hex')", "at = at + interval '1 second'", "last_position = last_position - 1"]
    )
    cursor.execute(f"UPDATE governance_auditseal SET {change} WHERE number = {number}")
    return f"seal {number}: {change}"


def _chained_anew(cursor: Any, chance: random.Random) -> str:
    """An entry changed, and every hash after it computed anew by one who has not the key."""
    _edit(cursor, chance)
    cursor.execute(
        f"SELECT s.position, {', '.join('e.' + name for name in chain.COLUMNS)} FROM governance_auditsealed AS s"
        " JOIN governance_auditentry AS e ON e.id = s.entry_id ORDER BY 1"
    )
    hashes, hash_ = {}, chain.START
    for position, *entry in cursor.fetchall():
        hash_ = hashes[position] = chain.onto(hash_, entry)
    cursor.execute("SELECT number, last_position FROM governance_auditseal")
    for number, last in cursor.fetchall():
        cursor.execute("UPDATE governance_auditseal SET hash = %s WHERE number = %s", [hashes[last], number])
    return "chained anew without the key"


def _signed_anew(cursor: Any, chance: random.Random) -> str:
    """The same by one who has the key and cannot reach the anchors."""
    _chained_anew(cursor, chance)
    cursor.execute("SELECT number, last_position, at, hash FROM governance_auditseal")
    for number, last, at, hash_ in cursor.fetchall():
        made = chain.Seal(number, last, at, bytes(hash_))
        signature = chain.signing_key(workspace()).sign(made.signed())
        cursor.execute("UPDATE governance_auditseal SET signature = %s WHERE number = %s", [signature, number])
    return "chained and signed anew, with the key"


def _anchors_changed(cursor: Any, chance: random.Random) -> str:
    path = chain.anchors_path(workspace())
    lines = path.read_text().splitlines()
    place = chance.randrange(len(lines))
    kind = chance.choice(["edited", "deleted", "added"])
    if kind == "edited":
        row = json.loads(lines[place])
        lines[place] = json.dumps([*row[:3], "00" * 32, row[4]])
    elif kind == "deleted":
        del lines[place]
        cursor.execute("UPDATE governance_auditseal SET at = at")  # a cut at the end shows by the age of the seal
    else:
        lines.append(json.dumps([len(lines) + 1, 10**6, "2026-01-01T00:00:00+00:00", "00" * 32, "00" * 64]))
    path.write_text("\n".join(lines) + "\n")
    return f"anchor {place} {kind}"


TAMPERINGS: tuple[Callable[[Any, random.Random], str], ...] = (
    _edit, _delete, _reorder, _truncate, _seal_changed, _chained_anew, _signed_anew, _anchors_changed,
)  # fmt: skip


def _copies(cursor: Any) -> None:
    for table in TABLES:
        cursor.execute(f"DROP TABLE IF EXISTS kept_{table}; CREATE TABLE kept_{table} AS TABLE {table}")


def _restore(cursor: Any) -> None:
    for table in TABLES:
        cursor.execute(f"DELETE FROM {table}; INSERT INTO {table} TABLE kept_{table}")


def test_P3_every_tampering_is_found(log: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import timedelta

    from zhike.operations.governance.audit import verify

    monkeypatch.setattr(verify, "_ANCHORED_WITHIN", timedelta(0))
    chance, missed, done = random.Random(SEED), [], share(300, 10_000)
    with goal("P3") as figures, owner() as cursor:
        assert audit_verify(system_actor()).faults == []
        anchored = chain.anchors_path(workspace()).read_text()
        cursor.execute("SET session_replication_role = replica")  # as one who may do everything to the database
        _copies(cursor)
        try:
            for number in range(done):
                told = TAMPERINGS[number % len(TAMPERINGS)](cursor, chance)
                if not audit_verify(system_actor()).faults:
                    missed.append(told)
                _restore(cursor)
                chain.anchors_path(workspace()).write_text(anchored)
            assert audit_verify(system_actor()).faults == [], "restored, it is sound again"
        finally:
            cursor.execute("".join(f"DROP TABLE kept_{table};" for table in TABLES))
        figures.append(f"{done:,} edits, deletions, reorderings, truncations, forgeries; {len(missed)} missed")
        assert missed == []


def test_P3_the_tail_is_shown_and_sealed(log: None) -> None:
    tail = audit_tail(system_actor())
    assert tail.entries == 3
    assert tail.oldest_seconds < 60
    assert seal() == 3
    assert audit_tail(system_actor()).entries == 0
    assert audit_verify(system_actor()).faults == []
