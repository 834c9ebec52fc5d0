"""What is hashed, what is signed, and the line that stands outside the database.

``hash(n) = SHA-256(hash(n-1) + canonical(entry n))`` from 32 zero bytes on; an entry's canonical bytes are a JSON list
of all its columns, so no two entries share theirs. A seal signs (Ed25519) its number, its last place, its time and
the hash there. The anchor is that, in one line of ``ZHIKE_HOME/audit/anchors.log``: who can write to the database
alone, cannot take back what was anchored.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from zhike.core.workspace import Workspace, sync_folder

START = bytes(32)
_LONGEST_LINE_BYTES = 400
COLUMNS = (
    "id", "at", "actor_kind", "actor_name", "on_behalf_of", "action", "outcome", "object_type", "object_id", "purpose",
    "detail",
)  # fmt: skip


@dataclass(frozen=True)
class Seal:
    """A signed end of the chain."""

    number: int
    last_position: int
    at: datetime
    hash: bytes
    signature: bytes = b""

    def signed(self) -> bytes:
        """The bytes that the signature is over."""
        told = (self.number, self.last_position, self.at.astimezone(UTC).isoformat(), self.hash.hex())
        return "\x1f".join(("zhike audit seal", *map(str, told))).encode()

    def line(self) -> str:
        """The anchor."""
        return json.dumps(
            [
                self.number,
                self.last_position,
                self.at.astimezone(UTC).isoformat(),
                self.hash.hex(),
                self.signature.hex(),
            ]
        )


def signing_key(of: Workspace) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(of.secret("audit_seal"))


def is_signed(seal: Seal, by: Ed25519PublicKey) -> bool:
    return holds(by, seal.signature, seal.signed())


def holds(by: Ed25519PublicKey, signature: bytes, content: bytes) -> bool:
    """Whether a signature is of this key over this content."""
    try:
        by.verify(signature, content)
    except InvalidSignature:
        return False
    return True


def canonical(entry: Sequence[Any]) -> bytes:
    """The bytes of an entry's `COLUMNS`, its time in UTC to the microsecond."""
    row = [value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value for value in entry]
    return json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def onto(before: bytes, entry: Sequence[Any]) -> bytes:
    """The hash after one more entry."""
    return hashlib.sha256(before + canonical(entry)).digest()


def anchors_path(of: Workspace) -> Path:
    return of.home / "audit" / "anchors.log"


def anchors(of: Workspace) -> Iterator[str]:
    """The anchored lines, oldest first; none before the first seal. A line half written by a crash is left out."""
    if anchors_path(of).exists():
        with open(anchors_path(of)) as file:
            yield from (line.rstrip("\n") for line in file if line.endswith("\n"))


def last_anchored(of: Workspace) -> int:
    """The number of the newest seal that a whole line stands for; 0 before the first."""
    path = anchors_path(of)
    if not path.exists():
        return 0
    with open(path, "rb") as file:
        file.seek(max(path.stat().st_size - 2 * _LONGEST_LINE_BYTES, 0))
        whole = file.read().split(b"\n")[:-1]
    return int(json.loads(whole[-1])[0]) if whole else 0


def anchor(of: Workspace, seals: Sequence[Seal]) -> None:
    """Adds lines, on disk before it returns; what a crash left of a line is written over.

    Two processes may come with the same seals: under the lock of the file each is written once, in order.
    """
    path = anchors_path(of)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with open(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "rb+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        last = last_anchored(of)
        start = max(path.stat().st_size - 2 * _LONGEST_LINE_BYTES, 0)
        file.seek(start)
        file.seek(start + file.read().rfind(b"\n") + 1)
        file.truncate()
        file.write("".join(seal.line() + "\n" for seal in seals if seal.number > last).encode())
        file.flush()
        os.fsync(file.fileno())
    sync_folder(path.parent)
