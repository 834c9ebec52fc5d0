"""What is told of files; what they hold, `actions.file_open` tells, on record."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from zhike.core.actor import Actor
from zhike.operations.files import kinds, owners
from zhike.operations.files.models import StoredFile
from zhike.operations.files.reading import required
from zhike.operations.governance.acting import query


@dataclass(frozen=True)
class FileRow:
    """One file. ``content_type`` is of the list of kinds, never what the uploader said."""

    file_id: UUID
    name: str
    kind: str
    content_type: str
    size: int
    retention: str
    keep_until: date
    legal_hold: bool
    uploaded_by: str
    at: datetime


@query(permission="view_file")
def file_list(actor: Actor, owner_type: str, owner_id: str) -> list[FileRow]:
    """The files of one owner, oldest first; raises as the owner's rule does."""
    owners.require(actor, owner_type, owner_id)
    rows = StoredFile.visible_to(actor).filter(owner_type=owner_type, owner_id=owner_id)
    return [row(each) for each in rows.select_related("blob").order_by("at", "file_id")]


@query(permission="view_file")
def file_get(actor: Actor, file_id: UUID) -> FileRow:
    """One file; raises NotFound."""
    return row(required(actor, file_id))


def row(found: StoredFile) -> FileRow:
    """A file as others see it."""
    kind = found.blob.kind
    return FileRow(
        found.file_id, found.name, kind, kinds.KINDS[kind].content_type, found.blob.size, found.retention,
        found.keep_until, found.legal_hold, found.uploaded_by, found.at,
    )  # fmt: skip
