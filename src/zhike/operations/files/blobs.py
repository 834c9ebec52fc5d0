"""Where contents stand: ``ZHIKE_HOME/files/<2 hex>/<hex>``, named by a keyed hash that tells nothing of the content.

A content is written beside its place, synced and renamed; its row follows in the same action. Killed in between, there
is a file without a row: garbage, which the next of the same content replaces and `collect` removes.
"""

import hashlib
import hmac
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from time import time

from django.db import connection

from zhike.core.errors import Unavailable
from zhike.core.ids import new_id
from zhike.core.workspace import put, workspace
from zhike.operations.files import framing

_LOCK = 0x7A68_6662  # the advisory locks of contents, with the content's own number
_INCOMING = ".incoming"
_ABANDONED_SECONDS = 24 * 3600


class Written:
    """A content being written: its bytes pass through once, are counted, named and sealed."""

    def __init__(self, key: bytes) -> None:
        self.path = _folder(_INCOMING) / new_id().hex
        self.size = 0
        self._key = key
        self._hash = hmac.new(workspace().secret("files"), digestmod=hashlib.sha256)

    @property
    def digest(self) -> str:
        """The keyed hash of what has passed, in hex."""
        return self._hash.hexdigest()

    def write(self, content: Iterable[bytes]) -> None:
        """Seals all of it to disk, synced; bounded memory."""
        with open(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for frame in framing.sealed(self._key, self._passing(content)):
                file.write(frame)
            file.flush()
            os.fsync(file.fileno())

    def place(self) -> None:
        """Renames it to its place; whatever stood there without a row goes."""
        put(self.path, _folder(self.digest[:2]) / self.digest)

    def discard(self) -> None:
        """Removes what was not placed."""
        self.path.unlink(missing_ok=True)

    def _passing(self, content: Iterable[bytes]) -> Iterator[bytes]:
        for piece in content:
            self.size += len(piece)
            self._hash.update(piece)
            yield piece


def hold(digest: str) -> None:
    """Until the transaction ends nobody else keeps or removes this content."""
    number = int(digest[:8], 16) - 2**31
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, number])


def read(digest: str, key: bytes) -> Iterator[bytes]:
    """The content in frames, all of it verified before this returns; raises Unavailable where the file is missing."""
    path = _root() / digest[:2] / digest
    if not path.exists():
        raise Unavailable(
            "A stored file is missing from the workspace: restore the folder files from the backup of the database."
        )
    for _ in _frames(path, key):
        pass
    return _frames(path, key)


def incoming(written: Written, key: bytes) -> Iterator[bytes]:
    """What was just written, read back."""
    return _frames(written.path, key)


def remove(digest: str) -> bool:
    """Removes a content's file; says whether there was one. Under `hold`, when no row names it."""
    path = _root() / digest[:2] / digest
    found = path.exists()
    path.unlink(missing_ok=True)
    return found


def standing() -> Iterator[str]:
    """Every content that has a file."""
    for folder in sorted(_root().glob("[0-9a-f][0-9a-f]")):
        yield from sorted(path.name for path in folder.iterdir())


def remove_abandoned() -> int:
    """Removes what was begun a day ago and never placed: its process was killed."""
    removed = 0
    for path in _folder(_INCOMING).iterdir():
        with suppress(FileNotFoundError):
            if time() - path.stat().st_mtime > _ABANDONED_SECONDS:
                path.unlink()
                removed += 1
    return removed


def _frames(path: Path, key: bytes) -> Iterator[bytes]:
    with open(path, "rb") as file:
        yield from framing.opened(key, file)


def _root() -> Path:
    return workspace().home / "files"


def _folder(name: str) -> Path:
    path = _root() / name
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path
