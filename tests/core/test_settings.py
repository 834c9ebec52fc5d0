"""Settings are read once, and all their faults are said together."""

from pathlib import Path

import pytest

from zhike.core.errors import BadInput
from zhike.core.settings import read


def test_defaults_need_nothing() -> None:
    found = read({"HOME": "/root"})
    assert (found.zone, found.engine, found.database_url, found.debug) == ("Asia/Shanghai", "duckdb", None, False)
    assert found.home.is_absolute()


def test_a_relative_home_becomes_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert read({"ZHIKE_HOME": "bank"}).home == tmp_path / "bank"


def test_every_fault_is_said_at_once_and_no_password() -> None:
    faulty = {
        "ZHIKE_ZONE": "Mars/Olympus", "ZHIKE_ENGINE": "abacus", "ZHIKE_THREADS": "-1", "ZHIKE_MEMORY_MB": "１６",
        "ZHIKE_DATABASE_URL": "mysql://bank:secret@host/db",
    }  # fmt: skip
    with pytest.raises(BadInput) as caught:
        read(faulty)
    for name in faulty:
        assert name in str(caught.value)
    assert "secret" not in str(caught.value)
