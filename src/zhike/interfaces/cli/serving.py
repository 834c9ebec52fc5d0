"""The one server of a workspace: who it is, where it listens, how it is stopped."""

import errno
import fcntl
import json
import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from zhike.core.errors import BadInput, Conflict, Unavailable
from zhike.core.workspace import Workspace

_STOP_SECONDS = 60
_TRIED_PORTS = 20


@dataclass(frozen=True)
class Serving:
    """A running ``zhike serve``."""

    pid: int
    host: str
    port: int

    @property
    def address(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


def _path(of: Workspace) -> Path:
    return of.home / "serve.lock"


@contextmanager
def sole_server(of: Workspace, host: str, port: int) -> Iterator[Serving]:
    """Holds the workspace's place as its only server; raises Conflict when another serves it."""
    mine = Serving(os.getpid(), host, port)
    with open(os.open(_path(of), os.O_RDWR | os.O_CREAT, 0o600), "r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _served_already(serving(of)) from None
        file.truncate(0)
        file.write(json.dumps(asdict(mine)))
        file.flush()
        yield mine


def require_unserved(of: Workspace) -> None:
    """Raises Conflict, naming the address, when the workspace is served: whatever port was asked for."""
    other = serving(of)
    if other is not None:
        raise _served_already(other)


def _served_already(other: Serving | None) -> Conflict:
    where = other.address if other else "elsewhere"
    return Conflict(f"This workspace is served already at {where}: stop it with `zhike stop`.")


def serving(of: Workspace) -> Serving | None:
    """The server that runs now, None when none does: a file left by a killed one is not locked."""
    try:
        with open(_path(of), "r+") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return None
    except FileNotFoundError:
        return None
    except BlockingIOError:
        content = _path(of).read_text()
        return Serving(**json.loads(content)) if content else None


def stop_server(of: Workspace) -> bool:
    """Stops the server and waits until it is gone; says whether one ran."""
    running = serving(of)
    if running is None:
        return False
    os.kill(running.pid, signal.SIGTERM)
    until = time.monotonic() + _STOP_SECONDS
    while serving(of) is not None:
        if time.monotonic() > until:
            raise Unavailable(f"The server (process {running.pid}) does not stop: end it with `kill {running.pid}`.")
        time.sleep(0.05)
    return True


def free_port(host: str, wanted: int) -> int:
    """The wanted port, or the next one that is free; raises Unavailable after twenty."""
    for port in range(wanted, wanted + _TRIED_PORTS):
        if is_free(host, port):
            return port
    raise Unavailable(f"Ports {wanted} to {wanted + _TRIED_PORTS - 1} of {host} are all taken: choose one with --port.")


def is_free(host: str, port: int) -> bool:
    """Raises BadInput when the host is no address of this machine."""
    try:
        family, kind, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError:
        raise BadInput(f"--host {host!r} is no address: give 127.0.0.1, 0.0.0.0 or a name of this machine.") from None
    with socket.socket(family, kind) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except PermissionError:
            raise BadInput(f"Port {port} needs root's rights: choose one above 1023.") from None
        except OSError as fault:
            if fault.errno == errno.EADDRNOTAVAIL:
                raise BadInput(f"--host {host} is no address of this machine: give 127.0.0.1 or 0.0.0.0.") from None
            return False
    return True
