"""Keeps child processes running: starts them, starts them again when one dies, stops all on a signal."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from types import FrameType

from zhike.core.settings import child_environment

_STOP_SECONDS = 20
_CALM_SECONDS = 60
_LONGEST_WAIT_SECONDS = 30
_PR_SET_PDEATHSIG = 1

Tell = Callable[[str], None]


class Supervisor:
    """Children by name, each in a session of its own, each ended when this process ends, however it ends."""

    def __init__(self, commands: Mapping[str, Sequence[str]], tell: Tell) -> None:
        self._commands = commands
        self._tell = tell
        self._stopping = threading.Event()
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._lock = threading.Lock()

    def run(self, ready: Callable[[], None]) -> None:
        """Starts the children, calls ``ready``, returns after SIGINT or SIGTERM when all children have ended."""
        before = {number: signal.signal(number, self._stop) for number in (signal.SIGINT, signal.SIGTERM)}
        # A child dies with the *thread* that started it, so each is started by a thread that lives as long as it does.
        keepers = [threading.Thread(target=self._keep, args=(name,), name=name) for name in self._commands]
        try:
            for keeper in keepers:
                keeper.start()
            ready()
            while not self._stopping.wait(1):
                pass
        finally:
            self._stopping.set()
            self._end()
            for keeper in keepers:
                keeper.join()
            for number, handler in before.items():
                signal.signal(number, handler)

    @property
    def stopping(self) -> bool:
        return self._stopping.is_set()

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping.set()

    def _keep(self, name: str) -> None:
        pause = 1.0
        while not self._stopping.is_set():
            started = time.monotonic()
            code = self._start(name)
            if self._stopping.is_set():
                return
            pause = 1.0 if time.monotonic() - started > _CALM_SECONDS else min(pause * 2, _LONGEST_WAIT_SECONDS)
            self._tell(f"The {name} process ended ({_ending(code)}): starting it again in {pause:g} s.")
            self._stopping.wait(pause)

    def _start(self, name: str) -> int:
        with self._lock:
            if self._stopping.is_set():
                return 0
            child = subprocess.Popen(
                self._commands[name], env=child_environment(), stdin=subprocess.DEVNULL, start_new_session=True,
                preexec_fn=_end_with_parent,  # noqa: PLW1509  # async-signal-safe: one system call
            )  # fmt: skip
            self._running[name] = child
        code = child.wait()
        _end_what_it_left(child.pid)
        return code

    def _end(self) -> None:
        with self._lock:
            children = list(self._running.values())
        for child in children:
            child.terminate()
        until = time.monotonic() + _STOP_SECONDS
        for child in children:
            try:
                child.wait(max(until - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                child.kill()


def _end_what_it_left(group: int) -> None:
    """A web server killed by SIGKILL leaves its own children, and they keep the port."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


def _libc() -> ctypes.CDLL | None:
    return ctypes.CDLL(None) if sys.platform == "linux" else None


_LIBC = _libc()


def _end_with_parent() -> None:
    """Linux ends the child when this process ends, even by SIGKILL."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _ending(code: int) -> str:
    return f"exit code {code}" if code >= 0 else f"killed by {signal.Signals(-code).name}"
