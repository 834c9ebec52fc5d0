"""The workspace: one folder for one legal entity, ``ZHIKE_HOME``."""

import fcntl
import json
import os
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from zhike.core.errors import BadInput, Conflict, Unavailable
from zhike.core.settings import settings


@dataclass(frozen=True)
class Workspace:
    """Paths and secrets of one workspace. Folders are 0700, secrets 0600."""

    home: Path

    @property
    def facts(self) -> Path:
        return self.home / "facts"

    @property
    def staging(self) -> Path:
        return self.home / "staging"

    @property
    def snapshots(self) -> Path:
        return self.home / "snapshots"

    @property
    def current(self) -> Path:
        return self.home / "CURRENT"

    @property
    def postgres(self) -> Path:
        return self.home / "postgres"

    @property
    def logs(self) -> Path:
        return self.home / "logs"

    def secret(self, name: str) -> bytes:
        """32 random bytes kept under ``keys/``, made on first use; never logged, never in facts."""
        path = self.home / "keys" / f"{name}.key"
        if not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            fresh = path.with_name(f".{name}.{os.getpid()}.{threading.get_ident()}")
            write_atomically(fresh, secrets.token_bytes(32))
            with suppress(FileExistsError):  # of two first callers one wins, and both read what it wrote
                os.link(fresh, path)
            fresh.unlink()
            sync_folder(path.parent)
        return path.read_bytes()

    @property
    def currency(self) -> str | None:
        """The reporting currency, None before the first load."""
        path = self.home / "workspace.json"
        return str(json.loads(path.read_text())["currency"]) if path.exists() else None

    def check_currency(self, currency: str, source: str) -> None:
        """Refuses a source in another currency than the snapshots'; while there is none, any will do."""
        known = self.currency
        if known not in (None, currency) and self.current.exists():
            raise BadInput(
                f"Source {source} is in {currency}, but this workspace reports in {known}: "
                "one workspace is one legal entity with one currency. Set ZHIKE_HOME to another folder."
            )

    def adopt_currency(self, currency: str, source: str) -> None:
        """The first load decides the reporting currency; a source in another one is refused."""
        self.check_currency(currency, source)
        if self.currency != currency:
            write_atomically(self.home / "workspace.json", json.dumps({"currency": currency}).encode())

    @contextmanager
    def writer(self) -> Iterator[None]:
        """Holds the one writer's lock (load, build, decide); raises Conflict when another holds it."""
        with open(os.open(self.home / "writer.lock", os.O_WRONLY | os.O_CREAT, 0o600), "w") as lock:
            os.fchmod(lock.fileno(), 0o600)  # of an older version it stood open
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Conflict(f"Another Zhike process is writing to {self.home}: wait until it has ended.") from None
            yield


def workspace() -> Workspace:
    """The workspace that the settings name, its folders made."""
    return open_workspace(settings().home)


def open_workspace(home: Path) -> Workspace:
    """Opens or makes a workspace; raises Unavailable when the folder cannot be used."""
    opened = Workspace(home)
    try:
        for folder in (home, opened.facts, opened.staging, opened.snapshots, opened.logs):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as fault:
        raise Unavailable(f"The workspace {home} cannot be used ({fault.strerror}): set ZHIKE_HOME.") from None
    return opened


def write_atomically(path: Path, content: bytes) -> None:
    """Writes, syncs and renames (mode 0600): a reader sees the old content or the new, whole, power cut or not."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    put(temporary, path)


def put(temporary: Path, path: Path) -> None:
    """Renames a synced file to its place and syncs the folder: a name that is not on disk is lost with the power."""
    os.replace(temporary, path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Brings the names in a folder to disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
