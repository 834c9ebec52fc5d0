"""The whole chain and the ground of trust on the bank's own PostgreSQL 15, by a role that is no superuser too."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from killed_chain import CHAIN, last_line

from zhike import sandbox
from zhike.core.settings import child_environment

PROGRAMS = Path("/usr/lib/postgresql/15/bin")
pytestmark = [
    pytest.mark.servers,
    pytest.mark.skipif(not PROGRAMS.exists(), reason=f"SKIPPED: no PostgreSQL 15 in {PROGRAMS}"),
]


@pytest.fixture
def server() -> Iterator[str]:
    """A fresh cluster of Debian's PostgreSQL 15 on a socket of its own, with a password."""
    # Not below pytest's folders: the server's account could not reach it there.
    folder = Path(tempfile.mkdtemp(prefix="zhike-pg15-", dir="/var/tmp"))
    account = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
    if account:
        os.chown(folder, pwd.getpwnam("postgres").pw_uid, pwd.getpwnam("postgres").pw_gid)
    secret = folder / "password"
    secret.write_text("outside")
    secret.chmod(0o644)
    data = folder / "data"
    _run(account, "initdb", "-D", data, "-U", "bank", "--pwfile", secret, "-A", "scram-sha-256", "-E", "UTF8", "-N")
    _run(account, "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", f"-c listen_addresses= -k {folder}", "start")
    try:
        yield f"postgresql://bank:outside@/postgres?host={folder}"
    finally:
        _run(account, "pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder)


def _run(account: dict[str, str], program: str, *arguments: object) -> None:
    command = [str(PROGRAMS / program), *map(str, arguments)]
    subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL, timeout=300, **account)


@pytest.fixture(params=["superuser", "owner of its database"])
def address(request: pytest.FixtureRequest, server: str) -> str:
    """How Zhike logs in: as the server's superuser, or as a role that owns its database and may make roles."""
    if request.param == "superuser":
        return server
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("CREATE ROLE zhike_owner LOGIN CREATEROLE PASSWORD 'outside'")
        connection.execute("CREATE DATABASE zhike OWNER zhike_owner")
    return server.replace("bank:outside@/postgres", "zhike_owner:outside@/zhike")


def test_the_chain_on_postgresql_15(address: str, tmp_path: Path) -> None:
    bank = tmp_path / "bank"
    sandbox.make(bank, customers=150, months=2, seed=4)
    environment = child_environment(ZHIKE_HOME=str(tmp_path / "home"), ZHIKE_DATABASE_URL=address)
    done = subprocess.run([*CHAIN, str(bank), "base"], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    state = last_line(done.stdout)
    assert state["before"] is None
    assert state["after"]["count"] == state["after"]["listed"] > 50
    assert not (tmp_path / "home" / "postgres" / "data").exists(), "no server of our own beside the bank's"


# What stands on the database itself: policies, triggers, constraints, locks.
GROUND = ("row_security", "visible", "acting", "belonging", "vault", "vault_order", "migrations")


def test_the_ground_of_trust_on_postgresql_15(server: str) -> None:
    """The tests of the embedded server, again: `conftest` makes their database wherever the address points."""
    files = [str(Path(__file__).parent / f"test_{name}.py") for name in GROUND]
    ours = {"ZHIKE_HOME", "DJANGO_SETTINGS_MODULE"}  # the other run makes a workspace of its own
    environment = {name: value for name, value in child_environment().items() if name not in ours}
    environment["ZHIKE_DATABASE_URL"] = server
    command = [sys.executable, "-m", "pytest", "-p", "no:xdist", *files]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=900)
    assert done.returncode == 0, done.stdout[-3_000:]
    assert "passed" in done.stdout
