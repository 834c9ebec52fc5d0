"""PostgreSQL, always: the bank's own by ``ZHIKE_DATABASE_URL``, otherwise one that Zhike keeps beside the workspace.

Everybody who needs the embedded server *holds* it: ``with running(workspace) as url``. The first holder starts a
supervisor (``postgres.supervisor``), the last one's going stops it, in whatever way holders end. Three locks, all
of which the system itself gives back when a process is killed:

- ``holders.lock``: shared by all holders; the supervisor waits for it exclusively, then stops the server.
- ``supervisor.lock``: locked by the one supervisor, from before it is started until it has ended.
- PostgreSQL's own ``postmaster.pid``.
"""

import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from zhike.core.errors import Unavailable
from zhike.core.postgres import place as places
from zhike.core.postgres.place import Place
from zhike.core.settings import child_environment, settings
from zhike.core.workspace import Workspace

_OLDEST = 15
_START_SECONDS = 300  # recovery after a crash reads the log since the last checkpoint
_STOP_SECONDS = 90
_LOG_BYTES = 10_000_000


@dataclass(frozen=True)
class Status:
    """What ``zhike check`` says. ``data`` and ``size_bytes`` are None for an external or not yet made server."""

    version: str
    running: bool
    external: bool
    data: Path | None
    size_bytes: int | None


def database_url(workspace: Workspace) -> str:
    """The address of the database, whether or not a server runs; contains the password: never log it."""
    return settings().database_url or places.url(places.place(workspace))


@contextmanager
def running(workspace: Workspace) -> Iterator[str]:
    """Makes sure that a server answers, and keeps it while the block runs; yields its address.

    Raises Unavailable, in one line, when the server cannot be started, or the external one does not answer, is
    older than PostgreSQL 15 or does not store UTF-8.
    """
    external = settings().database_url
    if external:
        _check_external(external)
        yield external
        return
    place = places.place(workspace)
    left = threading.Event()
    with _shared(place.holders) as lock:
        _ensure(place)
        threading.Thread(target=_watch, args=(place, left), name="postgres watch", daemon=True).start()
        try:
            yield places.url(place)
        finally:
            left.set()
            os.utime(lock)  # the server lingers from now on: see LINGER_SECONDS


def stop(workspace: Workspace) -> bool:
    """Stops the embedded server, whoever holds it; says whether one ran. An external one is left alone."""
    if settings().database_url or not workspace.postgres.exists():
        return False
    place = places.place(workspace)
    stopped = _stop_supervisor(place)
    pid = places.server_pid(place)
    if pid is not None:  # without PR_SET_PDEATHSIG a server outlives its killed supervisor
        os.kill(pid, signal.SIGINT)
        stopped = True
    until = time.monotonic() + _STOP_SECONDS
    while places.server_pid(place) is not None:
        if time.monotonic() > until:
            raise Unavailable(f"The server on {place.data} (process {pid}) does not stop: see {place.log}.")
        time.sleep(0.02)
    places.sweep()
    return stopped


def status(workspace: Workspace) -> Status:
    """Version, folder and size, without starting anything. Raises Unavailable as `running` does."""
    external = settings().database_url
    if external:
        return Status(_check_external(external), True, True, None, None)
    place = places.place(workspace)
    data = place.data if place.data.exists() else None
    size = sum(file.stat().st_size for file in data.rglob("*") if file.is_file()) if data else None
    version = _answer(place)
    return Status(version or places.installed_version(), version is not None, False, data, size)


@contextmanager
def _shared(path: Path) -> Iterator[int]:
    """A shared lock; waits while a supervisor that is stopping its server holds it exclusively."""
    until = time.monotonic() + _STOP_SECONDS
    with open(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "rb") as file:
        while not _locked(file.fileno(), fcntl.LOCK_SH):
            if time.monotonic() > until:
                raise Unavailable(f"The database of {path.parent} has been stopping for {_STOP_SECONDS} s: try again.")
            time.sleep(0.02)
        yield file.fileno()


def _locked(file: int, kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _ensure(place: Place) -> None:
    """Returns when the server answers; starts a supervisor unless one lives. Needs the shared lock."""
    until = time.monotonic() + _START_SECONDS
    started = False
    while True:
        guard = os.open(place.guard, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if _locked(guard, fcntl.LOCK_EX):
                if started:
                    raise Unavailable(_fault(place))
                _spawn(place, guard)
                started = True
        finally:
            os.close(guard)  # the lock lives on in the supervisor's copy
        if _answer(place) is not None:
            return
        if time.monotonic() > until:
            raise Unavailable(f"PostgreSQL did not answer within {_START_SECONDS} s: see {place.log}.")
        time.sleep(0.01)


def _spawn(place: Place, guard: int) -> None:
    """Starts the supervisor in a session of its own; it inherits the locked file and nothing else."""
    place.fault.unlink(missing_ok=True)
    os.ftruncate(guard, 0)
    if place.log.exists() and place.log.stat().st_size > _LOG_BYTES:
        place.log.replace(place.log.with_suffix(".log.1"))
    place.workspace.secret("postgres")  # made here, under the lock, by one process only
    command = [sys.executable, "-P", "-m", "zhike.core.postgres.supervisor", str(place.workspace.home), str(guard)]
    with open(os.open(place.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as log:
        supervisor = subprocess.Popen(
            command, cwd="/", env=child_environment(), pass_fds=(guard,), start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=log, stderr=log,
        )  # fmt: skip
    threading.Thread(target=supervisor.wait, name="postgres reaper", daemon=True).start()


def _fault(place: Place) -> str:
    try:
        return place.fault.read_text()
    except OSError:
        return f"PostgreSQL was stopped while it started: try again, or see {place.log}."


def _answer(place: Place) -> str | None:
    """The version of the embedded server when it answers, else None; raises Unavailable on a refused password."""
    if not place.socket_is_ours():
        return None
    try:
        with psycopg.connect(places.url(place), connect_timeout=10) as connection:
            return _version(connection)
    except psycopg.OperationalError as fault:
        if "password authentication failed" in str(fault):
            raise Unavailable(
                f"The database in {place.data} does not take the password of {place.workspace.home / 'keys'}: "
                "bring back the key file that belongs to it."
            ) from None
        return None


def _watch(place: Place, left: threading.Event) -> None:
    """Starts the server again when its supervisor was killed while we hold it; an ordered stop is respected."""
    while not left.is_set():
        with open(place.guard, "rb") as guard:
            fcntl.flock(guard, fcntl.LOCK_SH)  # granted when the supervisor has ended
            killed = guard.read() != b""
        if left.is_set() or not killed:
            return
        try:
            _ensure(place)
        except Unavailable:
            return  # the reason is in the log; the next to use the database is told


def _stop_supervisor(place: Place) -> bool:
    """Ends the supervisor, and its server with it; says whether there was one."""
    asked: int | None = None
    until = time.monotonic() + _STOP_SECONDS
    guard = os.open(place.guard, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        while not _locked(guard, fcntl.LOCK_EX):
            pid = int(os.pread(guard, 20, 0) or b"0")
            alive = pid and "postgres.supervisor" in places.command_of(pid)
            if alive and (asked != pid or time.monotonic() > until):
                os.kill(pid, signal.SIGTERM if asked != pid else signal.SIGKILL)
                asked = pid
            time.sleep(0.02)
        os.ftruncate(guard, 0)
    finally:
        os.close(guard)
    return asked is not None


def _check_external(url: str) -> str:
    """The version of the bank's own server; raises Unavailable without ever showing the password."""
    try:
        known = psycopg.conninfo.conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        raise Unavailable(
            "ZHIKE_DATABASE_URL cannot be read: write postgresql://user:password@host:port/name, "
            "with %40 for an @ in the password."
        ) from None
    where = f"The database {known.get('dbname') or 'of ZHIKE_DATABASE_URL'} at {known.get('host') or 'this machine'}"
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            version, encoding = _version(connection), connection.info.parameter_status("server_encoding")
    except psycopg.OperationalError as fault:
        reason = str(fault).strip().splitlines()[-1].strip()
        if known.get("password"):
            reason = reason.replace(str(known["password"]), "***")
        raise Unavailable(f"{where} does not answer ({reason}): check the server and ZHIKE_DATABASE_URL.") from None
    if int(version.split(".")[0]) < _OLDEST:
        raise Unavailable(f"{where} is PostgreSQL {version}: Zhike needs version {_OLDEST} or later.")
    if encoding != "UTF8":
        raise Unavailable(f"{where} stores {encoding}: make a database with ENCODING 'UTF8'.")
    return version


def _version(connection: psycopg.Connection) -> str:
    return str(connection.info.parameter_status("server_version")).split(" ")[0]
