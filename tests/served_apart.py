"""Servers that tests start: a port that no other test takes meanwhile, and the processes below one."""

import contextlib
import os
import time
from collections.abc import Callable
from pathlib import Path

from zhike.interfaces.cli.serving import free_port

# Below the ports that the system gives to whoever connects, some for each process that runs tests.
_FIRST, _EACH = 18_000, 40


def port_apart() -> int:
    """A free port from those of this test process: between choosing it and listening on it seconds may pass."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    return free_port("127.0.0.1", _FIRST + _EACH * (worker + 16 * (os.getppid() % 16)))


def until(true: Callable[[], object], seconds: float = 180, told: Callable[[], str] = str) -> None:
    """Waits; for long, so that a machine that is busy elsewhere fails nothing."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, told()
        time.sleep(0.1)


def running(pid: int) -> bool:
    """Whether the process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def children(pid: int, *command: str) -> list[int]:
    """Children of a process, of whichever thread, whose command ends so; what ends while one looks is none."""
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            for child in (task / "children").read_text().split():
                words = Path(f"/proc/{child}/cmdline").read_text().split("\0")[:-1]
                if words[len(words) - len(command) :] == list(command):
                    found.append(int(child))
    return found
