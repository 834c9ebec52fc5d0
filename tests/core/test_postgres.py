"""The embedded PostgreSQL, for real: started, held by several processes, killed in every part, recovered, stopped.

Run as root, the file runs once more as ``nobody``: the two kinds of user keep their data in different places.
"""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from zhike.core import postgres
from zhike.core.errors import Unavailable, ZhikeError
from zhike.core.postgres import place as postgres_place
from zhike.core.postgres.place import Place
from zhike.core.settings import settings
from zhike.core.workspace import Workspace, open_workspace

HOLD = """
import sys
from pathlib import Path
from zhike.core import postgres
from zhike.core.workspace import open_workspace
with postgres.running(open_workspace(Path(sys.argv[1]))):
    print("held", flush=True)
    sys.stdin.read()
"""
AS_ROOT = os.geteuid() == 0
root_only = pytest.mark.skipif(not AS_ROOT, reason="needs root, to act as another user")


@pytest.fixture
def ground() -> Iterator[Path]:
    """A folder whose path stays short: pytest's own can be too long for a socket."""
    folder = Path(tempfile.mkdtemp(prefix="zk-"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def fresh(ground: Path) -> Iterator[Workspace]:
    yield from _workspace(ground / "home")


@pytest.fixture(scope="module")
def shared() -> Iterator[Workspace]:
    with tempfile.TemporaryDirectory(prefix="zk-") as folder:
        yield from _workspace(Path(folder) / "home")


@pytest.fixture
def bank(shared: Workspace) -> Iterator[Workspace]:
    """A workspace whose database exists, and does not run; each test leaves it usable."""
    yield shared
    postgres.stop(shared)


def _workspace(home: Path) -> Iterator[Workspace]:
    workspace = open_workspace(home)
    yield workspace
    if workspace.postgres.exists():
        place = postgres_place.place(workspace)
        postgres.stop(workspace)
        assert not place.socket.exists() or place.socket.parent == place.base
        if place.base.parent == postgres_place.ROOT_BASE:
            shutil.rmtree(place.base, ignore_errors=True)


def _until(condition: Callable[[], object], what: str, seconds: float = 180) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"waited {seconds} s in vain: {what}"
        time.sleep(0.02)


def _holder(workspace: Workspace) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", HOLD, str(workspace.home)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _held(holder: subprocess.Popen[str]) -> subprocess.Popen[str]:
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    return holder


def _kill(holder: subprocess.Popen[str]) -> None:
    holder.kill()
    holder.communicate()


def _place(workspace: Workspace) -> Place:
    return postgres_place.place(workspace)


def _supervisor_pid(workspace: Workspace) -> int:
    return int(_place(workspace).guard.read_text())


def _server_pid(workspace: Workspace) -> int:
    pid = postgres_place.server_pid(_place(workspace))
    assert pid is not None
    return pid


def _no_server(workspace: Workspace) -> bool:
    return postgres_place.server_pid(_place(workspace)) is None


def _ask(url: str, statement: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        answer = connection.execute(statement)
        row = answer.fetchone() if answer.description else None
        return row[0] if row else None


def _works(url: str) -> bool:
    try:
        return _ask(url, "SELECT 1") == 1
    except psycopg.OperationalError:
        return False


def test_serves_with_safe_settings_and_stops(bank: Workspace) -> None:
    with postgres.running(bank) as url:
        assert url == postgres.database_url(bank)
        for setting, value in {
            "server_encoding": "UTF8", "data_checksums": "on", "fsync": "on", "full_page_writes": "on",
            "listen_addresses": "", "password_encryption": "scram-sha-256", "TimeZone": "UTC",
        }.items():  # fmt: skip
            assert _ask(url, f"SHOW {setting}") == value, setting
        assert _ask(url, "SELECT bool_and(auth_method = 'scram-sha-256') FROM pg_hba_file_rules") is True
        assert _ask(url, "SELECT datlocale FROM pg_database WHERE datname = 'zhike'") == "C.UTF-8"
        found = postgres.status(bank)
        assert found.running
        assert int(found.version.split(".")[0]) >= 15
        assert (found.size_bytes or 0) > 1_000_000
    place = _place(bank)
    for folder in (place.data, place.socket, bank.postgres):
        assert folder.stat().st_mode & 0o777 == 0o700, folder
    assert postgres.stop(bank) is True
    assert postgres.stop(bank) is False
    assert not postgres.status(bank).running
    assert bank.secret("postgres").hex() not in place.log.read_text()


def test_refuses_a_wrong_password_and_names_no_data_in_the_log(bank: Workspace) -> None:
    with postgres.running(bank) as url:
        wrong = url.replace(bank.secret("postgres").hex(), "guess")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(wrong)
        _ask(url, "CREATE TABLE party (phone text UNIQUE)")
        for _ in range(2):
            with contextlib.suppress(psycopg.errors.UniqueViolation):
                _ask(url, "INSERT INTO party VALUES ('13800138000')")
    assert "13800138000" not in _place(bank).log.read_text()
    key = bank.home / "keys" / "postgres.key"
    right = key.read_bytes()
    key.write_bytes(b"another")
    with pytest.raises(Unavailable, match="password"), postgres.running(bank):
        pass
    key.write_bytes(right)


def test_stays_until_the_last_holder_and_comes_back_while_stopping(bank: Workspace) -> None:
    first, second = _held(_holder(bank)), _held(_holder(bank))
    server = _server_pid(bank)
    _kill(first)
    time.sleep(0.3)
    assert _server_pid(bank) == server
    _kill(second)
    for _ in range(5):  # new holders right into the shutdown
        with postgres.running(bank) as url:
            assert _works(url)
        os.utime(_place(bank).holders, (0, 0))  # no lingering
        time.sleep(0.01)


def test_server_killed_during_writes_recovers_every_committed_row(bank: Workspace) -> None:
    committed: list[int] = []

    def write(url: str) -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            for number in range(1_000_000):
                try:
                    connection.execute("INSERT INTO ledger VALUES (%s)", (number,))
                except psycopg.OperationalError:
                    return
                committed.append(number)

    with postgres.running(bank) as url:
        _ask(url, "CREATE TABLE ledger (number int PRIMARY KEY)")
        writer = threading.Thread(target=write, args=(url,))
        writer.start()
        _until(lambda: len(committed) > 50, "some rows")
        os.kill(_server_pid(bank), signal.SIGKILL)
        writer.join(timeout=180)
        assert not writer.is_alive()
        _until(lambda: _works(url), "the supervisor starts the server again")
        assert _ask(url, f"SELECT count(*) FROM ledger WHERE number <= {committed[-1]}") == len(committed)
        assert "not properly shut down" in _place(bank).log.read_text()


def test_supervisor_killed_takes_the_server_along_and_holders_bring_it_back(bank: Workspace) -> None:
    with postgres.running(bank) as url:
        _ask(url, "CREATE TABLE kept AS SELECT 42 AS answer")
        killed, server = _supervisor_pid(bank), _server_pid(bank)
        os.kill(killed, signal.SIGKILL)
        _until(lambda: postgres_place.server_pid(_place(bank)) not in (None, server) and _works(url), "a new server")
        assert _ask(url, "SELECT answer FROM kept") == 42
        assert _supervisor_pid(bank) != killed
    holder = _held(_holder(bank))
    supervisor = _supervisor_pid(bank)
    _kill(holder)
    with contextlib.suppress(ProcessLookupError):
        os.kill(supervisor, signal.SIGKILL)
    _until(lambda: _no_server(bank), "no server outlives supervisor and holder")
    with postgres.running(bank) as url:
        assert _ask(url, "SELECT answer FROM kept") == 42


def test_an_ordered_stop_wins_over_holders(bank: Workspace) -> None:
    holder = _held(_holder(bank))
    with postgres.running(bank) as url:
        assert postgres.stop(bank) is True
        time.sleep(0.5)
        assert not _works(url)
        assert _no_server(bank)
        with postgres.running(bank):
            assert _works(url)
    _kill(holder)


def test_killed_initialisation_begins_afresh_for_four_first_holders_at_once(
    fresh: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHIKE_FAILPOINT", "postgres.initialised")
    with pytest.raises(Unavailable, match="while it started"), postgres.running(fresh):
        pass
    base = _place(fresh).base
    assert len(list(base.glob("new-*"))) == 1
    assert not (base / "data").exists()
    monkeypatch.delenv("ZHIKE_FAILPOINT")
    holders = [_holder(fresh) for _ in range(4)]
    for holder in holders:
        _held(holder)
    assert not list(base.glob("new-*"))
    assert _place(fresh).log.read_text().count("starting PostgreSQL") == 1
    assert _works(postgres.database_url(fresh))
    for holder in holders:
        _kill(holder)
    _until(lambda: _no_server(fresh), "no server after every holder was killed")
    _until(lambda: _place(fresh).guard.read_bytes() == b"", "the supervisor has ended")


def test_a_stale_process_id_of_somebody_else_is_no_obstacle(bank: Workspace) -> None:
    with postgres.running(bank) as url:
        os.kill(_supervisor_pid(bank), signal.SIGSTOP)
        written = _place(bank).data / "postmaster.pid"
        lines = written.read_text().split("\n")
        os.kill(_server_pid(bank), signal.SIGKILL)
        written.write_text("\n".join([str(os.getpid()), *lines[1:]]))
        os.kill(_supervisor_pid(bank), signal.SIGCONT)
        _until(lambda: _works(url), "a new server, and this process still lives")


def test_a_workspace_made_anew_at_the_same_long_path_is_empty(ground: Path) -> None:
    for workspace in _workspace(ground / ("long " + "文" * 30) / ("x" * 60)):  # one; the generator tidies up
        with postgres.running(workspace) as url:
            assert len(str(_place(workspace).socket)) < 80
            _ask(url, "CREATE TABLE old ()")
            old = _place(workspace)
        postgres.stop(workspace)
        assert old.socket.parent == old.base or not old.socket.exists()
        shutil.rmtree(workspace.home)
        open_workspace(workspace.home)
        with postgres.running(workspace) as url:
            assert _ask(url, "SELECT to_regclass('old')") is None
            if AS_ROOT:
                _until(lambda base=old.base: not base.exists(), "the deleted workspace's data are swept")  # type: ignore[misc]


def test_why_it_does_not_start_is_said_in_one_line(bank: Workspace) -> None:
    with postgres.running(bank):
        pass
    postgres.stop(bank)
    configuration = _place(bank).data / "postgresql.conf"
    right = configuration.read_text()
    configuration.write_text(right + "no_such_setting = 1\n")
    with pytest.raises(Unavailable, match="configuration") as told, postgres.running(bank):
        pass
    assert "\n" not in str(told.value)
    configuration.write_text(right)


def test_a_socket_folder_of_somebody_else_is_refused(bank: Workspace) -> None:
    with postgres.running(bank):
        pass
    postgres.stop(bank)
    _place(bank).socket.chmod(0o777)
    with pytest.raises(Unavailable, match="0700"), postgres.running(bank):
        pass
    _place(bank).socket.chmod(0o700)


def test_an_external_server_is_checked(bank: Workspace, ground: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refusal(url: str) -> str:
        monkeypatch.setenv("ZHIKE_DATABASE_URL", url)
        settings.cache_clear()
        with pytest.raises(ZhikeError) as told, postgres.running(bank):
            pass
        assert "\n" not in str(told.value)
        assert "s3cret" not in str(told.value)
        return str(told.value)

    with postgres.running(bank) as url:
        try:
            _ask(url, "CREATE DATABASE latin ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0")
            assert "password" in refusal(url.replace(bank.secret("postgres").hex(), "s3cret"))
            assert "LATIN1" in refusal(url.replace("/zhike?", "/latin?"))
            assert "does not answer" in refusal("postgresql://u:s3cret@127.0.0.1:1/zhike")
            assert "cannot be read" in refusal("postgresql://u:s3cret@[bad/zhike")
            monkeypatch.setattr(postgres, "_OLDEST", 99)
            assert "version 99 or later" in refusal(url)
            monkeypatch.setattr(postgres, "_OLDEST", 15)
            with postgres.running(open_workspace(ground / "other")) as external:
                assert external == url
                assert not (ground / "other" / "postgres").exists()
            assert postgres.status(bank).external
            assert postgres.stop(bank) is False
            assert _works(url)
        finally:
            monkeypatch.delenv("ZHIKE_DATABASE_URL")
            settings.cache_clear()


@root_only
def test_another_user_cannot_reach_the_server(bank: Workspace) -> None:
    other = pwd.getpwnam("daemon")
    with postgres.running(bank) as url:
        psql = postgres_place.binaries(_place(bank)) / "psql"
        tried = subprocess.run(
            [psql, url, "-c", "SELECT 1"], user=other.pw_uid, group=other.pw_gid, extra_groups=[], cwd="/",
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert tried.returncode != 0
        assert "Permission denied" in tried.stderr


@root_only
def test_binaries_out_of_the_account_s_reach_are_copied(
    fresh: Workspace, ground: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ground.chmod(0o711)
    place = _place(fresh)
    monkeypatch.setattr(postgres_place, "ROOT_BASE", ground / "base")
    with monkeypatch.context() as hidden:
        hidden.setattr(postgres_place, "_can_run", lambda program, account: False)
        programs = postgres_place.binaries(place)
        assert postgres_place.binaries(place) == programs
    assert place.account is not None
    assert programs.is_relative_to(ground)
    for program in ("postgres", "initdb", "psql"):
        assert postgres_place._can_run(programs / program, place.account)


@root_only
def test_root_leaves_an_ordinary_user_s_database_alone(fresh: Workspace) -> None:
    (fresh.postgres / "data").mkdir(parents=True)
    with pytest.raises(Unavailable, match="run as that user"), postgres.running(fresh):
        pass
    shutil.rmtree(fresh.postgres)


@root_only
def test_a_home_that_is_missing_but_not_temporary_keeps_its_data(ground: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_place, "ROOT_BASE", ground)
    for name, home, age_days in (("a" * 16, "/mnt/away", 3), ("b" * 16, "/mnt/away", 31), ("c" * 16, "/tmp/gone", 0)):
        (ground / name).mkdir()
        marker = ground / name / "home"
        marker.write_text(home)
        os.utime(marker, (time.time() - age_days * 86_400,) * 2)
    postgres_place.sweep()
    assert [folder.name for folder in ground.iterdir()] == ["a" * 16]


@root_only
def test_as_an_ordinary_user(ground: Path) -> None:
    _again_as_nobody(ground, "serves or supervisor_killed or long_path")


@root_only
@pytest.mark.slow
def test_all_of_this_as_an_ordinary_user(ground: Path) -> None:
    _again_as_nobody(ground, "test")


def _again_as_nobody(ground: Path, chosen: str) -> None:
    user = pwd.getpwnam("nobody")
    path = os.pathsep.join(entry for entry in sys.path if entry)
    ground.chmod(0o711)
    (ground / "nobody").mkdir()
    os.chown(ground / "nobody", user.pw_uid, user.pw_gid)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for python in (sys.executable, shutil.which(version, path="/usr/local/bin:/usr/bin") or "none"):
        try:
            ended = subprocess.run(
                [python, "-m", "pytest", "-c", "/dev/null", "-p", "no:cacheprovider", "-p", "no:django", "-W",
                 "ignore::pytest.PytestUnknownMarkWarning", "-k", chosen, __file__],
                user=user.pw_uid, group=user.pw_gid, extra_groups=[], cwd="/", timeout=900, check=False,
                capture_output=True, text=True,
                env={"PYTHONPATH": path, "HOME": str(ground / "nobody"), "TMPDIR": str(ground / "nobody"),
                     "PATH": os.defpath, "PYTHONDONTWRITEBYTECODE": "1", "LANG": "C.UTF-8"},
            )  # fmt: skip
        except PermissionError:
            continue
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return
    pytest.skip("SKIPPED: nobody can run no Python of this version, so the ordinary user's case is not tested")
