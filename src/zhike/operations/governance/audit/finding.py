"""Finding and exporting audit entries: by person, object, actor, action, time."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from zhike.core.actor import Actor
from zhike.core.errors import BadInput, NotFound
from zhike.core.text import Text
from zhike.core.workspace import workspace, write_atomically
from zhike.operations.governance.acting import action, note, query
from zhike.operations.governance.approved import require_approved
from zhike.operations.governance.audit import chain
from zhike.operations.governance.audit.chain import COLUMNS
from zhike.operations.governance.models import AuditEntry, AuditSealed

_MOST_ROWS = 1_000
MOST_WITHOUT_APPROVAL = 1_000


@dataclass(frozen=True)
class Wanted:
    """Which entries: what is None is not asked for. ``before`` is the id that a page ended with."""

    actor: str | None = None
    action: str | None = None
    object_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None
    outcome: str | None = None


@dataclass(frozen=True)
class Entry:
    """One entry, as it stands."""

    id: int
    at: datetime
    actor_kind: str
    actor_name: str
    on_behalf_of: str
    action: str
    outcome: str
    object_type: str
    object_id: str
    purpose: str
    detail: dict[str, Any]


@dataclass(frozen=True)
class Exported:
    """What was written, and the signature over it."""

    entries: int
    sha256: str
    signature: str


@dataclass(frozen=True)
class Counted:
    """How many entries, of how many people who acted, on how many customers."""

    entries: int
    actors: int
    customers: int


@query(permission="export_audit")
def audit_count(actor: Actor, wanted: Wanted) -> Counted:
    """What an export of the entries asked for would hold."""
    rows = _rows(actor, wanted)
    customers = rows.filter(object_type="customer").values("object_id").distinct().count()
    return Counted(rows.count(), rows.values("actor_kind", "actor_name").distinct().count(), customers)


@query(permission="view_audit")
def audit_list(actor: Actor, wanted: Wanted, limit: int = 50) -> list[Entry]:
    """The entries asked for, newest first; raises BadInput unless the page is between 1 and 1,000 rows."""
    if not 1 <= limit <= _MOST_ROWS:
        raise BadInput(Text(f"每页行数须在 1 到 {_MOST_ROWS} 之间。", f"limit must be between 1 and {_MOST_ROWS}."))
    return [Entry(*row) for row in _rows(actor, wanted).order_by("-id")[:limit]]


@query(permission="view_audit")
def audit_get(actor: Actor, entry_id: int) -> tuple[Entry, int | None]:
    """One entry and its place in the chain, None while it waits to be sealed; raises NotFound."""
    row = AuditEntry.visible_to(actor).filter(id=entry_id).values_list(*COLUMNS).first()
    if row is None:
        raise NotFound(Text(f"没有审计记录 {entry_id}。", f"There is no audit entry {entry_id}."))
    place = AuditSealed.visible_to(actor).filter(entry_id=entry_id).values_list("position", flat=True).first()
    return Entry(*row), place


@action(permission="export_audit", audit="audit.export", about="path")
def audit_export(actor: Actor, *, wanted: Wanted, path: Path) -> Exported:
    """Writes the entries asked for as JSON lines, and beside them ``<path>.sig``: count, hash and signature.

    More than `MOST_WITHOUT_APPROVAL` leave only by a signed request. Raises BadInput when the file is there already:
    evidence is never written over.
    """
    if _rows(actor, wanted).count() > MOST_WITHOUT_APPROVAL:
        require_approved(actor, "audit_export")
    if path.exists():
        raise BadInput(Text(f"{path} 已存在：请换一个文件名。", f"{path} is there already: give another name."))
    lines = b"".join(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in _lines(actor, wanted))
    digest = hashlib.sha256(lines).hexdigest()
    count = lines.count(b"\n")
    signature = chain.signing_key(workspace()).sign(_signed(count, digest)).hex()
    write_atomically(path, lines)
    write_atomically(
        Path(f"{path}.sig"), json.dumps({"entries": count, "sha256": digest, "signature": signature}).encode()
    )
    note(entries=count, sha256=digest)
    return Exported(count, digest, signature)


@query(permission="view_audit")
def export_verify(actor: Actor, path: Path) -> Exported:
    """Checks an export against its signature; raises BadInput that says what differs."""
    try:
        told = json.loads(Path(f"{path}.sig").read_bytes())
        content = path.read_bytes()
        found = Exported(int(told["entries"]), str(told["sha256"]), str(told["signature"]))
        signature = bytes.fromhex(found.signature)
    except (OSError, ValueError, KeyError, TypeError):
        raise BadInput(
            Text(f"{path} 或其签名 {path}.sig 无法读取。", f"{path}, or its signature {path}.sig, cannot be read.")
        ) from None
    if (content.count(b"\n"), hashlib.sha256(content).hexdigest()) != (found.entries, found.sha256):
        raise BadInput(Text(f"{path} 在导出之后被改动。", f"{path} was changed after its export."))
    seal = chain.signing_key(workspace()).public_key()
    if not chain.holds(seal, signature, _signed(found.entries, found.sha256)):
        raise BadInput(Text(f"{path} 的签名不属于本工作区。", f"The signature of {path} is not this workspace's."))
    return found


def _signed(count: int, digest: str) -> bytes:
    return f"zhike audit export\x1f{count}\x1f{digest}".encode()


def _lines(actor: Actor, wanted: Wanted) -> Iterator[dict[str, Any]]:
    for row in _rows(actor, wanted).order_by("id").iterator():
        yield {**dict(zip(COLUMNS, row, strict=True)), "at": row[1].isoformat()}


def _rows(actor: Actor, wanted: Wanted) -> Any:
    asked = {
        "actor_name": wanted.actor, "action": wanted.action, "outcome": wanted.outcome, "object_id": wanted.object_id,
        "at__gte": wanted.since, "at__lt": wanted.until, "id__lt": wanted.before,
    }  # fmt: skip
    seen = AuditEntry.visible_to(actor)
    return seen.filter(**{name: value for name, value in asked.items() if value}).values_list(*COLUMNS)
