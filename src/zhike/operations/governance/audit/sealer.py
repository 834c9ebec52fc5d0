"""The one sealer: gives entries their place, chains, signs, anchors; about every second, in the worker."""

import json
import threading
from datetime import UTC, datetime
from typing import Any

import structlog
from django.db import DatabaseError, close_old_connections, connection

from zhike.core.actor import WHOLE_BANK, Actor
from zhike.core.workspace import workspace
from zhike.operations.governance.acting import transaction_of, transaction_to_write
from zhike.operations.governance.audit import chain
from zhike.operations.governance.audit.chain import COLUMNS, START, Seal
from zhike.operations.governance.models import AuditSeal

_SEALING = 0x7A68_7365  # the advisory lock of whoever seals
_MOST = 10_000  # entries to a seal
_PAUSE_SECONDS = 1.0
_SEALER = Actor("job", "audit.seal", purpose="job audit.seal", scope=WHOLE_BANK)
log = structlog.get_logger("zhike.audit")


def seal() -> int:
    """Seals what is committed and not sealed yet, at most 10,000 entries; returns how many.

    It leaves no entry of its own: the seal is its record. 0 also while another seals.
    """
    with transaction_to_write(_SEALER), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_SEALING])
        if not cursor.fetchone()[0]:
            return 0
        sealed = _seal_waiting(cursor)
    with transaction_of(_SEALER):
        _anchor_missing()
    return sealed


def seal_until(stopped: threading.Event) -> None:
    """Seals every second until told to stop, and then once more; a database that does not answer is waited for."""
    while True:
        last = stopped.wait(_PAUSE_SECONDS)
        try:
            while seal() == _MOST:
                pass
        except (DatabaseError, OSError) as fault:
            log.warning("sealing waits", exception=type(fault).__name__)
            close_old_connections()
        if last:
            connection.close()
            return


def _seal_waiting(cursor: Any) -> int:
    cursor.execute(
        "WITH due AS (DELETE FROM governance_auditunsealed WHERE entry_id IN"
        " (SELECT entry_id FROM governance_auditunsealed ORDER BY entry_id LIMIT %s) RETURNING entry_id)"
        f" SELECT {', '.join(COLUMNS)} FROM governance_auditentry JOIN due ON id = entry_id ORDER BY id",
        [_MOST],
    )
    names = [column.name for column in cursor.description]
    entries = [decoded(row, names.index("detail")) for row in cursor.fetchall()]
    if not entries:
        return 0
    before = AuditSeal.objects.order_by("-number").first()
    position, hash_ = (before.last_position, bytes(before.hash)) if before else (0, START)
    for entry in entries:
        hash_ = chain.onto(hash_, entry)
    cursor.execute(
        "INSERT INTO governance_auditsealed (position, entry_id) SELECT %s + place, id"
        " FROM unnest(%s::bigint[]) WITH ORDINALITY AS given (id, place)",
        [position, [entry[0] for entry in entries]],
    )
    made = Seal((before.number if before else 0) + 1, position + len(entries), datetime.now(UTC), hash_)
    signature = chain.signing_key(workspace()).sign(made.signed())
    AuditSeal.objects.create(
        number=made.number, last_position=made.last_position, at=made.at, hash=made.hash, signature=signature
    )
    return len(entries)


def decoded(row: tuple[object, ...], detail: int) -> tuple[object, ...]:
    """A row of plain SQL with its jsonb read, which Django leaves as text."""
    value = row[detail]
    return (*row[:detail], json.loads(value) if isinstance(value, str) else value, *row[detail + 1 :])


def _anchor_missing() -> None:
    """Anchors the seals that no line stands for yet: a crash between the two is made good by the next run."""
    with transaction_of(_SEALER):
        rows = AuditSeal.objects.filter(number__gt=chain.last_anchored(workspace())).order_by("number")
        missing = [Seal(row.number, row.last_position, row.at, bytes(row.hash), bytes(row.signature)) for row in rows]
    if missing:
        chain.anchor(workspace(), missing)
