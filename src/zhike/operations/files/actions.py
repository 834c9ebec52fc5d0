"""Keeping, holding and dropping files. Whose a file is, its owner's rule says (`owners`)."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from uuid import UUID

from django.db.models import Sum

from zhike.core.actor import Actor
from zhike.core.errors import BadInput, Conflict
from zhike.core.failpoint import failpoint
from zhike.core.ids import new_id
from zhike.core.text import Text
from zhike.operations.files import archives, blobs, kinds, limits, owners
from zhike.operations.files.models import Blob, StoredFile
from zhike.operations.files.names import cleaned
from zhike.operations.files.queries import FileRow, row
from zhike.operations.files.reading import required
from zhike.operations.governance import own_keys
from zhike.operations.governance.acting import action, note, step
from zhike.operations.governance.approved import require_approved
from zhike.operations.governance.belonging import today
from zhike.operations.governance.erasing import hidden_too
from zhike.operations.governance.purpose import require_purpose

_CHUNK = 500


@action(permission="keep_file", audit="file.keep", about="owner")
def file_keep(
    actor: Actor, *, content: Iterable[bytes], name: str, owner_type: str, owner_id: str, retention: str = "proof"
) -> UUID:
    """Keeps a file with its owner and returns its id. ``content`` comes in pieces; memory stays bounded.

    Raises BadInput for a kind that is not stored, a name that disagrees, or one limit or another; NotFound and
    Forbidden as the owner's rule does.
    """
    customer_id = owners.require(actor, owner_type, owner_id, keeping=True)
    if retention not in limits.RETENTION_DAYS:
        raise BadInput(
            Text(
                f"保存类别 {retention[:32]!r} 不可用。可选：{'、'.join(limits.RETENTION_DAYS)}。",
                f"Retention {retention[:32]!r} is unknown. There are: {', '.join(limits.RETENTION_DAYS)}.",
            )
        )
    shown = cleaned(name)
    blob = _kept(content, shown, owner_type, owner_id)
    file_id = new_id()
    StoredFile.objects.create(
        file_id=file_id, blob=blob, name=shown, owner_type=owner_type, owner_id=owner_id, customer_id=customer_id,
        retention=retention, keep_until=today() + timedelta(days=limits.RETENTION_DAYS[retention]),
        uploaded_by=actor.name,
    )  # fmt: skip
    note(file=str(file_id), kind=blob.kind, bytes=blob.size, owner_type=owner_type, retention=retention)
    failpoint("files.kept")
    return file_id


@action(permission="view_file", audit="file.read", about="file")
def file_open(actor: Actor, *, file_id: UUID) -> tuple[FileRow, Iterator[bytes]]:
    """The file and its content, verified whole before the first piece; on record as read."""
    found = required(actor, file_id)
    content = blobs.read(found.blob_id, own_keys.get(found.blob.key_id))
    note(owner_type=found.owner_type, owner=found.owner_id, bytes=found.blob.size)
    return row(found), content


@action(permission="erase_person", audit="file.hold", about="file")
def file_hold(actor: Actor, *, file_id: UUID, held: bool, purpose: str) -> None:
    """Sets or lifts a legal hold: under one, neither retention nor erasure removes the file."""
    require_purpose(purpose)
    found = required(actor, file_id)
    found.legal_hold = held
    found.save(update_fields=["legal_hold"])
    note(held=held)


@action(permission="erase_person", audit="file.drop", about="file")
def file_drop(actor: Actor, *, file_id: UUID, purpose: str) -> None:
    """Drops a file by law before its time; with the last that names a content, the content's key is destroyed."""
    require_purpose(purpose)
    found = required(actor, file_id)
    if found.legal_hold:
        raise Conflict(Text("文件处于法律保全中，不能删除。", "The file is under legal hold and is not dropped."))
    destroyed = _drop(found)
    note(owner_type=found.owner_type, owner=found.owner_id, key_destroyed=destroyed)


@action(permission="erase_person", audit="file.erase", about="customer")
def files_erase(actor: Actor, *, customer_id: str) -> None:
    """With an erased person go their files and those of their complaints, but what is under legal hold; a content that
    others keep too stays theirs."""
    require_approved(actor, "person_erasure")
    with hidden_too():
        theirs = StoredFile.objects.filter(customer_id=customer_id).order_by("blob_id")
        found = list(theirs.filter(legal_hold=False).select_related("blob"))
        destroyed = sum(_drop(each) for each in found)
        note(files=len(found), keys_destroyed=destroyed, held=theirs.count())


@action(permission="collect_files", audit="file.collect", long=True)
def files_collect(actor: Actor) -> dict[str, int]:
    """Drops files whose time is over, and removes what no row names any more: contents, and what was never placed."""
    done = {"expired": 0, "contents": 0, "abandoned": blobs.remove_abandoned()}
    while expired := _expire():
        done["expired"] += expired
    for digest in blobs.standing():
        with step():
            blobs.hold(digest)
            if not Blob.objects.filter(digest=digest).exists() and blobs.remove(digest):
                done["contents"] += 1
    note(**done)
    return done


def _kept(content: Iterable[bytes], name: str, owner_type: str, owner_id: str) -> Blob:
    """The content in the store: the one that stands there already, or a new one."""
    key_id, key = own_keys.make()
    written = blobs.Written(key)
    try:
        kind = _written(written, key, content, name)
        _require_room(owner_type, owner_id, written.size)
        blobs.hold(written.digest)
        known = Blob.objects.filter(digest=written.digest).first()
        if known is not None:
            own_keys.destroy([key_id])
            return known
        written.place()
        failpoint("files.placed")
        return Blob.objects.create(digest=written.digest, key_id=key_id, size=written.size, kind=kind)
    finally:
        written.discard()


def _written(written: blobs.Written, key: bytes, content: Iterable[bytes], name: str) -> str:
    """Seals the content to disk while looking at it; the kind that it is. Raises BadInput."""
    seen = kinds.Seen()
    written.write(_looked_at(content, seen))
    if not seen.size:
        raise BadInput(Text("文件是空的。", "The file is empty."))
    kind = kinds.kind_of(seen, name)
    if kind == "archive":
        kind = archives.document_kind(blobs.incoming(written, key))
        kinds.require_agreement(kind, name)
    return kind


def _looked_at(content: Iterable[bytes], seen: kinds.Seen) -> Iterator[bytes]:
    for piece in content:
        seen.add(piece)
        if seen.size > limits.FILE_BYTES:
            most = limits.FILE_BYTES // 2**20
            raise BadInput(Text(f"文件超过 {most} MB：请压缩或拆分。", f"The file is over {most} MB: make it smaller."))
        yield piece


def _require_room(owner_type: str, owner_id: str, size: int) -> None:
    there = StoredFile.objects.filter(owner_type=owner_type, owner_id=owner_id)
    held = there.aggregate(size=Sum("blob__size"))["size"] or 0
    if there.count() >= limits.OWNER_FILES or held + size > limits.OWNER_BYTES:
        raise BadInput(
            Text(
                f"附件最多 {limits.OWNER_FILES} 个、共 {limits.OWNER_BYTES // 2**20} MB，已达上限。",
                f"At most {limits.OWNER_FILES} files and {limits.OWNER_BYTES // 2**20} MB are kept with one thing.",
            )
        )


def _expire() -> int:
    """Drops some of the files whose time is over, each under its content's lock; how many."""
    with step():
        over = StoredFile.objects.filter(keep_until__lt=today(), legal_hold=False).order_by("blob_id")
        found = list(over.select_related("blob")[:_CHUNK])
        for each in found:
            _drop(each)
        return len(found)


def _drop(found: StoredFile) -> bool:
    """Deletes the row; with the last of its content the content's row and key. Says whether that was so."""
    blobs.hold(found.blob_id)
    StoredFile.objects.filter(pk=found.pk).delete()
    if StoredFile.objects.filter(blob_id=found.blob_id).exists():
        return False
    blob = Blob.objects.filter(digest=found.blob_id).first()
    if blob is not None:
        Blob.objects.filter(digest=blob.digest).delete()
        own_keys.destroy([blob.key_id])
    return True
