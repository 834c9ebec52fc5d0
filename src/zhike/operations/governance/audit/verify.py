"""Verifying the audit log: every entry, place, seal, signature and anchor, in one stream of bounded memory."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models.functions import Now

from zhike.core.actor import Actor
from zhike.core.clock import now
from zhike.core.workspace import workspace
from zhike.operations.governance.acting import action, note, query
from zhike.operations.governance.audit import chain
from zhike.operations.governance.audit.chain import COLUMNS, START, Seal
from zhike.operations.governance.audit.sealer import decoded
from zhike.operations.governance.models import AuditEntry, AuditSeal, AuditUnsealed

_TOLD_FAULTS = 20
_CHUNK = 5_000
_ANCHORED_WITHIN = timedelta(seconds=10)


@dataclass
class Verified:
    """What was looked at, and every fault found (the first 20): what, where. ``unsealed`` is the tail of now."""

    entries: int = 0
    seals: int = 0
    anchors: int = 0
    unsealed: int = 0
    oldest_unsealed_seconds: float = 0.0
    public_key: str = ""
    faults: list[str] = field(default_factory=list)
    more_faults: int = 0

    def fault(self, text: str) -> None:
        if len(self.faults) < _TOLD_FAULTS:
            self.faults.append(text)
        else:
            self.more_faults += 1


@dataclass(frozen=True)
class Tail:
    """What is not sealed yet: how many entries, and the age of the oldest in seconds; and when the last seal was."""

    entries: int
    oldest_seconds: float
    sealed_until: datetime | None


@dataclass(frozen=True)
class Checked:
    """The last verification on record: when, over how many entries, and how many faults it found."""

    at: datetime
    entries: int
    faults: int


@query(permission="view_audit")
def audit_verify(actor: Actor) -> Verified:
    """Recomputes the chain from its beginning. Sound when ``faults`` is empty."""
    return _verified()


@action(permission="view_audit", audit="audit.verify")
def audit_check(actor: Actor) -> Verified:
    """The same, its outcome put on record: what `audit_checked` tells."""
    found = _verified()
    note(entries=found.entries, seals=found.seals, faults=len(found.faults) + found.more_faults)
    return found


@query(permission="view_overview")
def audit_checked(actor: Actor) -> Checked | None:
    """The last verification on record; None before the first."""
    last = AuditEntry.objects.filter(action="audit.verify", outcome="done").order_by("-id").first()
    return Checked(last.at, last.detail["entries"], last.detail["faults"]) if last else None


def _verified() -> Verified:
    # Sealing goes on meanwhile: anchors are read before seals, seals before places, and each is held to what was read.
    found, began, lines = Verified(), now(), list(chain.anchors(workspace()))
    key = chain.signing_key(workspace()).public_key()
    found.public_key = key.public_bytes_raw().hex()
    seals = _seals(found, key)
    _follow(found, seals)
    _complete(found)
    _anchored(found, seals, lines, began)
    tail = _tail()
    found.unsealed, found.oldest_unsealed_seconds = tail.entries, tail.oldest_seconds
    return found


@query(permission="view_audit")
def audit_tail(actor: Actor) -> Tail:
    return _tail()


def _tail() -> Tail:
    waiting = AuditUnsealed.objects.all()
    oldest = (
        AuditEntry.objects.filter(id__in=waiting.values("entry_id")).order_by("at").values_list("at", Now()).first()
    )
    last = AuditSeal.objects.order_by("-number").values_list("at", flat=True).first()
    return Tail(waiting.count(), (oldest[1] - oldest[0]).total_seconds() if oldest else 0.0, last)


def _seals(found: Verified, key: Any) -> list[Seal]:
    """All seals in order; their numbers must have no gap, their places grow, their signatures hold."""
    seals: list[Seal] = []
    for row in AuditSeal.objects.order_by("number").iterator():
        one = Seal(row.number, row.last_position, row.at, bytes(row.hash), bytes(row.signature))
        if one.number != len(seals) + 1:
            found.fault(f"seal {len(seals) + 1} is missing: seal {one.number} stands in its place")
        if seals and one.last_position <= seals[-1].last_position:
            found.fault(f"seal {one.number} ends at place {one.last_position}, not behind the seal before it")
        if not chain.is_signed(one, key):
            found.fault(f"seal {one.number} is not signed by this workspace's key, or was changed")
        seals.append(one)
    found.seals = len(seals)
    return seals


def _follow(found: Verified, seals: Sequence[Seal]) -> None:
    """Hashes every entry in its place and compares at the end of every seal."""
    ends = {seal.last_position: seal for seal in seals}
    hash_, expected = START, 1
    for position, entry_id, entry in _placed(seals[-1].last_position if seals else 0):
        if position != expected:
            found.fault(f"place {expected} of the chain is missing: place {position} follows")
            expected = position
        if entry is None:
            found.fault(f"entry {entry_id} at place {position} was deleted")
        else:
            hash_ = chain.onto(hash_, entry)
            found.entries += 1
        seal = ends.pop(position, None)
        if seal is not None and seal.hash != hash_:
            found.fault(f"an entry sealed by seal {seal.number} (up to place {position}) was changed or moved")
            hash_ = seal.hash  # what comes after is judged by itself
        expected += 1
    for seal in ends.values():
        found.fault(f"seal {seal.number} ends at place {seal.last_position}, where nothing stands: places were cut off")
    _nothing_behind(found)


def _nothing_behind(found: Verified) -> None:
    """No place stands behind the last seal: places and their seal come in one transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce((SELECT max(position) FROM governance_auditsealed), 0),"
            " coalesce((SELECT max(last_position) FROM governance_auditseal), 0)"
        )
        places, sealed = cursor.fetchone()
    if places > sealed:
        found.fault(f"places {sealed + 1} to {places} stand behind the last seal: seals were cut off")


def _placed(until: int) -> Iterator[tuple[int, int, tuple[Any, ...] | None]]:
    columns = ", ".join(f"e.{name}" for name in COLUMNS)
    detail = 2 + COLUMNS.index("detail")
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            f"SELECT s.position, s.entry_id, {columns} FROM governance_auditsealed AS s"
            " LEFT JOIN governance_auditentry AS e ON e.id = s.entry_id"
            " WHERE s.position <= %s ORDER BY s.position",
            [until],
        )
        while rows := cursor.fetchmany(_CHUNK):
            for row in rows:
                whole = decoded(row, detail)
                yield row[0], row[1], whole[2:] if row[2] is not None else None


def _complete(found: Verified) -> None:
    """Every entry is sealed, or waits to be: one that does neither was put in behind the trigger's back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM governance_auditentry AS e"
            " WHERE NOT EXISTS (SELECT FROM governance_auditsealed AS s WHERE s.entry_id = e.id)"
            " AND NOT EXISTS (SELECT FROM governance_auditunsealed AS u WHERE u.entry_id = e.id)"
            " ORDER BY id LIMIT %s",
            [_TOLD_FAULTS],
        )
        for (entry_id,) in cursor.fetchall():
            found.fault(f"entry {entry_id} is neither sealed nor waits to be")
        cursor.execute(
            "SELECT entry_id FROM governance_auditunsealed AS u WHERE NOT EXISTS"
            " (SELECT FROM governance_auditentry AS e WHERE e.id = u.entry_id) ORDER BY 1 LIMIT %s",
            [_TOLD_FAULTS],
        )
        for (entry_id,) in cursor.fetchall():
            found.fault(f"entry {entry_id} waited to be sealed and was deleted")


def _anchored(found: Verified, seals: Sequence[Seal], lines: Sequence[str], began: datetime) -> None:
    """Every line outside the database is a seal in it; and every seal has its line, the newest in a few seconds."""
    found.anchors = len(lines)
    known = [seal.line() for seal in seals]
    for number, (line, seal) in enumerate(zip(lines, known, strict=False), 1):
        if line != seal:
            found.fault(f"anchor {number} and seal {number} differ")
    if len(lines) > len(known):
        found.fault(f"{len(lines)} seals were anchored, and the database holds {len(known)}: seals were cut off")
    late = [seal.number for seal in seals[len(lines) :] if seal.at < began - _ANCHORED_WITHIN]
    if late:
        where = chain.anchors_path(workspace())
        found.fault(f"seal {late[0]} has no anchor, and {len(late) - 1} after it: {where} was cut or lost")
