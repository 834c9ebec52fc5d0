"""The process beside every embedded PostgreSQL: it starts the server, restarts it after a crash, and stops it.

``python -m zhike.core.postgres.supervisor HOME LOCK``, started by ``postgres.running``. LOCK is the inherited,
already locked file ``supervisor.lock``: the lock passes from the starter to this process without a gap, and the
system gives it back however this process ends. It stops the server when the last holder's shared lock on
``holders.lock`` has gone, also when the holders were killed.
"""

import ctypes
import fcntl
import os
import secrets
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

from zhike.core.errors import Unavailable, ZhikeError
from zhike.core.failpoint import failpoint
from zhike.core.postgres import place as places
from zhike.core.postgres.place import Place
from zhike.core.workspace import open_workspace

# How long the server stays after its last holder: commands that follow one another find it warm.
LINGER_SECONDS = 2.0
_STOP_SECONDS = 60
_STARTS = 5
# A server that ended after one of these may be started again; otherwise it would only say the same once more.
_SIGNS_OF_LIFE = ("ready to accept connections", "still in use")

_SERVER_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "port": str(places.PORT),
    "shared_buffers": "128MB",
    "huge_pages": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "off",
    "log_destination": "stderr",
    "log_checkpoints": "off",
    # Statements and details quote the values they handle: names and numbers of people do not belong into a log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


class Supervisor:
    """Starts the server of one place and waits until nobody needs it."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.stopping = threading.Event()
        self.server: subprocess.Popen[bytes] | None = None
        self.waiting = threading.Thread(target=self.await_last_holder, daemon=True)

    def run(self) -> None:
        """Returns when the server has been stopped; raises Unavailable when it does not start or stay."""
        self.place.make_folders()
        programs = places.binaries(self.place)
        prepare(self.place, programs)
        places.sweep()
        crashes = 0
        while not self.stopping.is_set() and self.place.still_stands():
            began, logged = time.monotonic(), os.fstat(2).st_size
            self.server = self.start(programs)
            if self.stopping.is_set():  # asked for while it started
                self.stop()
            if not self.waiting.is_alive():
                self.waiting.start()
            self.server.wait()
            if self.stopping.is_set():
                return
            output = _since(self.place, logged)
            ran = self.server.returncode < 0 or any(mark in output for mark in _SIGNS_OF_LIFE)
            crashes = 1 if time.monotonic() - began > 60 else crashes + 1
            if crashes == _STARTS or not ran:
                raise Unavailable(_complaint(self.place, output))
            time.sleep(0.1 * crashes**2)  # the killed server's children need a moment to leave the shared memory

    def start(self, programs: Path) -> subprocess.Popen[bytes]:
        _clear_stale_server(self.place)
        options = {**_SERVER_SETTINGS, "unix_socket_directories": str(self.place.socket)}
        arguments = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return _child(self.place, [programs / "postgres", "-D", self.place.data, *arguments], signal.SIGINT)

    def await_last_holder(self) -> None:
        """Waits for the exclusive lock, which the system grants when no shared one is left, and keeps it.

        A holder that comes while the server stops waits for its shared lock, and then starts a new server.
        """
        with open(self.place.holders, "ab") as lock:
            while True:
                fcntl.flock(lock, fcntl.LOCK_EX)
                left = os.fstat(lock.fileno()).st_mtime + LINGER_SECONDS - time.time()
                if not 0 < left <= LINGER_SECONDS:
                    break
                fcntl.flock(lock, fcntl.LOCK_UN)
                time.sleep(left)
            self.stop()
            threading.Event().wait()  # the lock stays ours until this process has ended

    def stop(self) -> None:
        """Asks for a fast shutdown, then for an immediate one: the next start recovers from the log."""
        self.stopping.set()
        if self.server is not None:
            self.server.send_signal(signal.SIGINT)
            timer = threading.Timer(_STOP_SECONDS, self.server.send_signal, (signal.SIGQUIT,))
            timer.daemon = True
            timer.start()

    def on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.stop()
        if self.server is None:
            raise SystemExit(0)  # still preparing: what is half made is thrown away by the next start


def prepare(place: Place, programs: Path) -> None:
    """Makes the data folder if there is none, and checks that these binaries can read it."""
    for leftover in place.base.glob("new-*"):
        shutil.rmtree(leftover)
    if not place.data.exists():
        _initialise(place, programs)
    made_by = (place.data / "PG_VERSION").read_text().strip()
    installed = _run(place, programs / "postgres", "--version").split()[2]
    if installed.split(".")[0] != made_by:
        raise Unavailable(
            f"The database in {place.data} was made by PostgreSQL {made_by}, installed is {installed}: "
            f"install a wheel of PostgreSQL {made_by}, or dump it there and load it into a new workspace."
        )


def _initialise(place: Place, programs: Path) -> None:
    """Makes the data folder aside and renames it: after a kill half-way the next start begins afresh."""
    aside = place.base / f"new-{secrets.token_hex(4)}"
    aside.mkdir(mode=0o700)
    password = aside / "password"
    password.write_text(place.workspace.secret("postgres").hex())
    for path in (aside, password):
        place.give(path)
    _run(
        place, programs / "initdb", "-D", str(aside / "data"), "-U", places.SUPERUSER,
        "--pwfile", str(password), "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C",
        "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--data-checksums", "--no-instructions",
    )  # fmt: skip
    statement = f"CREATE DATABASE {places.DATABASE}\n"
    answer = _run(place, programs / "postgres", "--single", "-D", str(aside / "data"), "template1", said=statement)
    if "ERROR:" in answer:
        raise Unavailable(f"The database could not be made: {answer.strip().splitlines()[-1]}")
    failpoint("postgres.initialised")
    (aside / "data").rename(place.data)
    shutil.rmtree(aside)


def _run(place: Place, *command: str | Path, said: str = "") -> str:
    """Runs one program to its end and returns what it wrote; raises Unavailable with its last line of complaint."""
    process = _child(place, command, signal.SIGKILL, subprocess.PIPE)
    output = process.communicate(said.encode())[0].decode(errors="replace")
    if process.returncode != 0:
        print(output, file=sys.stderr, flush=True)
        raise Unavailable(_complaint(place, output))
    return output


def _child(
    place: Place, command: Sequence[str | Path], at_our_death: signal.Signals, pipe: int | None = None
) -> subprocess.Popen[bytes]:
    """Starts a program of PostgreSQL as the server's account; its output goes to ``pipe`` or the log.

    It gets an empty environment: complaints come in English, and no secret of ours reaches another account.
    """
    account = place.account
    return subprocess.Popen(
        command, cwd="/", env={"LC_ALL": "C", "PATH": os.defpath}, umask=0o077,
        stdin=pipe or subprocess.DEVNULL, stdout=pipe, stderr=subprocess.STDOUT,
        user=account and account.pw_uid, group=account and account.pw_gid, extra_groups=[] if account else None,
        preexec_fn=_die_with_us(os.getpid(), at_our_death),  # noqa: PLW1509  our other thread only waits for a lock
    )  # fmt: skip


def _die_with_us(parent: int, sent: signal.Signals) -> Callable[[], None] | None:
    """On Linux the kernel sends the child this signal when we end, however we end (PR_SET_PDEATHSIG = 1)."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl

    def arm() -> None:
        prctl(1, int(sent), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return arm


def _clear_stale_server(place: Place) -> None:
    """Ends a server that outlived its supervisor; forgets a process id that now belongs to somebody else."""
    until = time.monotonic() + _STOP_SECONDS
    pid = places.server_pid(place)
    if pid is not None:
        os.kill(pid, signal.SIGINT)
    while places.server_pid(place) is not None:
        if time.monotonic() > until:
            raise Unavailable(f"An old server (process {pid}) on {place.data} does not stop: end it, then try again.")
        time.sleep(0.05)
    written = place.data / "postmaster.pid"
    if written.exists() and places.command_of(int(written.read_text().split("\n", 1)[0])):
        written.unlink()  # otherwise PostgreSQL itself finds the process dead, and checks for its children


def _since(place: Place, logged: int) -> str:
    """What the server wrote into the log after its first ``logged`` bytes."""
    with open(place.log, "rb") as log:
        log.seek(logged)
        return log.read().decode(errors="replace")


def _complaint(place: Place, output: str) -> str:
    if "No space left on device" in output:
        return f"The disk of {place.base} is full, so PostgreSQL cannot run: make room, then try again."
    marks = ("PANIC:", "FATAL:", "could not", "error:")
    lines = [line for line in output.splitlines() if any(mark in line for mark in marks)]
    said = lines[-1].strip() if lines else "it gave no reason"
    return f"PostgreSQL does not run ({said}): see {place.log}, or set ZHIKE_DATABASE_URL to a server of your own."


def main() -> int:
    """Entry point; ends with 1 after writing the reason to ``Place.fault``."""
    home, lock = Path(sys.argv[1]), int(sys.argv[2])
    os.set_inheritable(lock, False)
    os.umask(0o077)
    place = places.place(open_workspace(home))
    supervisor = Supervisor(place)
    signal.signal(signal.SIGTERM, supervisor.on_signal)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    os.pwrite(lock, str(os.getpid()).encode(), 0)
    try:
        supervisor.run()
        if place.socket.parent != place.base:
            place.socket.rmdir()
    except ZhikeError as fault:
        place.fault.write_text(str(fault))
        return 1
    except OSError as fault:
        place.fault.write_text(
            f"PostgreSQL cannot be started ({fault.strerror}: {fault.filename}): run Zhike as an ordinary user "
            "with a writable ZHIKE_HOME, or set ZHIKE_DATABASE_URL to a server of your own."
        )
        return 1
    finally:
        os.ftruncate(lock, 0)  # an orderly end: nobody is to start the server again on our behalf
    return 0


if __name__ == "__main__":
    sys.exit(main())
