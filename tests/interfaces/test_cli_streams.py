"""What a machine may bring: a full disk, a lost database, a stream that lacks letters, a bad setting: one line each."""

import errno
import json
import os
import subprocess
import sys

import duckdb
import psycopg
import pytest
from command_line import Run
from django.db import OperationalError

from zhike.interfaces.cli.faults import told

_ZHIKE = [sys.executable, "-m", "zhike.interfaces.cli"]


def _caused(by: Exception) -> OperationalError:
    fault = OperationalError("138 1234 5678")
    fault.__cause__ = by
    return fault


@pytest.mark.parametrize(
    "fault",
    [
        OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/bank/facts/1.parquet"),
        OSError(errno.EDQUOT, os.strerror(errno.EDQUOT)),
        duckdb.IOException("IO Error: Could not write file: No space left on device"),
        _caused(psycopg.errors.DiskFull("138 1234 5678")),
    ],
)
def test_a_full_disk(fault: Exception, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    from zhike.interfaces.cli import registry

    def full(*_: object) -> None:
        raise fault

    monkeypatch.setattr(registry, "_show", full)
    said = Run(capfd).fault("registry")
    assert "No space is left on the disk" in said
    assert "138 1234" not in said


def test_a_lost_database() -> None:
    assert told(_caused(psycopg.OperationalError("138"))).startswith("The database does not answer any more")


@pytest.mark.parametrize("command", [["--help"], ["registry"], ["registry", "features", "--json"]])
def test_a_standard_output_that_is_full(command: list[str]) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run([*_ZHIKE, *command], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "Error: Standard output cannot be written (No space left on device): send it elsewhere.\n"


def test_check_says_an_unusable_setting_once() -> None:
    faulty = {**os.environ, "ZHIKE_DATABASE_URL": "garbage"}
    done = subprocess.run([*_ZHIKE, "check"], env=faulty, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.count("ZHIKE_DATABASE_URL") == done.stdout.count("\n") == 1


def test_a_reader_that_leaves_is_no_fault() -> None:
    zhike = subprocess.Popen(
        [*_ZHIKE, "registry", "features", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert zhike.stdout
    assert zhike.stderr
    zhike.stdout.close()
    assert (zhike.stderr.read(), zhike.wait()) == (b"", 141)
    zhike.stderr.close()


def test_a_standard_output_without_chinese() -> None:
    ascii_only = {**os.environ, "PYTHONIOENCODING": "ascii"}

    def run(*command: str) -> str:
        done = subprocess.run([*_ZHIKE, *command], env=ascii_only, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    assert "?" in run("--locale", "zh", "registry", "kpis")
    assert all("?" not in entry["title"]["zh"] for entry in json.loads(run("registry", "kpis", "--json")))
