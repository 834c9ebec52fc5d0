"""Master keys in files of the workspace: ``keys/master-<id>.key``; ``keys/master.current`` names the one that wraps.

The first version of Zhike kept its first key in ``keys/master.key`` and named keys in hexadecimal: they stay readable
under the names that they have. AES-256-GCM; the context and the version's id are associated data, so a wrapped key
moved to another person or version is refused.
"""

import hashlib
import os
import secrets
import threading
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from zhike.core.errors import Invariant, Unavailable
from zhike.core.ids import lettered
from zhike.core.workspace import Workspace, sync_folder, write_atomically
from zhike.operations.governance.keyring import Bound, KeyService, Versions
from zhike.operations.governance.sealing import NONCE_BYTES


class FileKeys(KeyService):
    """The default: whoever can read the workspace's ``keys`` can read the vault."""

    def __init__(self, of: Workspace) -> None:
        self._folder = of.home / "keys"
        self._named, self._first = self._folder / "master.current", self._folder / "master.key"
        self._known: dict[str, AESGCM] = {}

    def versions(self) -> Versions:
        """The ids are hashes of the keys: they tell nothing of them."""
        if self._named.exists():
            current = self._named.read_text().strip()
        else:
            current = _first_id(self._first.read_bytes()) if self._first.exists() else self._begin()
        return Versions(current, self.held())

    def held(self) -> tuple[str, ...]:
        """The ids of the files there are; makes none."""
        return tuple(sorted(self._files()))

    def wrap(self, key_id: str, keys: Sequence[Bound]) -> list[bytes]:
        master, wrapped = self._master(key_id), []
        for key, context in keys:
            nonce = secrets.token_bytes(NONCE_BYTES)
            wrapped.append(nonce + master.encrypt(nonce, key, _bound(context, key_id)))
        return wrapped

    def unwrap(self, key_id: str, keys: Sequence[Bound]) -> list[bytes]:
        master = self._master(key_id)
        try:
            return [
                master.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], _bound(context, key_id))
                for wrapped, context in keys
            ]
        except (InvalidTag, ValueError):
            raise Invariant(
                "The vault refuses a data key: it was moved, changed, or wrapped by another master key. "
                "Restore the database and the folder keys from the same backup."
            ) from None

    def renew(self) -> str:
        self.versions()  # makes the first one where there is none
        key_id = self._make()
        write_atomically(self._named, key_id.encode())
        return key_id

    def retire(self, key_id: str) -> None:
        path = self._files().get(key_id)
        if path is None:
            raise Unavailable(f"There is no master key {key_id}: zhike keys list shows what there is.")
        path.unlink()
        sync_folder(self._folder)
        self._known.pop(key_id, None)

    def _begin(self) -> str:
        """The first version's id; of two who make it at once one wins, and both read what it wrote."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        key_id = self._make()
        fresh = self._folder / f".master.{os.getpid()}.{threading.get_ident()}"
        write_atomically(fresh, key_id.encode())
        try:
            os.link(fresh, self._named)
        except FileExistsError:
            (self._folder / f"master-{key_id}.key").unlink()  # nothing was wrapped by it
        fresh.unlink()
        sync_folder(self._folder)
        return self._named.read_text().strip()

    def _make(self) -> str:
        master = secrets.token_bytes(32)
        key_id = _id(master)
        write_atomically(self._folder / f"master-{key_id}.key", master)
        return key_id

    def _master(self, key_id: str) -> AESGCM:
        if key_id not in self._known:
            path = self._files().get(key_id)
            if path is None:
                raise Unavailable(
                    f"Master key {key_id} is not in {self._folder}: restore keys/master-{key_id}.key from its backup."
                )
            self._known[key_id] = AESGCM(path.read_bytes())
        return self._known[key_id]

    def _files(self) -> dict[str, Path]:
        found = {path.stem.removeprefix("master-"): path for path in self._folder.glob("master-*.key")}
        return {_first_id(self._first.read_bytes()): self._first, **found} if self._first.exists() else found


@cache
def file_keys(of: Workspace) -> FileKeys:
    """The keys of a workspace, each file read once in a process."""
    return FileKeys(of)


def _id(master: bytes) -> str:
    return lettered(_first_id(master))


def _first_id(master: bytes) -> str:
    """The id of ``master.key``, as what stands under it names it."""
    return hashlib.sha256(b"zhike master key id" + master).hexdigest()[:16]


def _bound(context: str, key_id: str) -> bytes:
    return f"{context}\x1f{key_id}".encode()
