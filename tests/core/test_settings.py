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


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("garbage", "must start with postgresql://"),
        ("postgresql://", "names no database"),
        ("postgresql://bank:secret@host:5432", "names no database"),
        ("postgresql://bank:secret@host:port/db", "cannot be read"),
        ("postgresql://bank:secret@[host/db", "cannot be read"),
    ],
)
def test_an_address_that_is_none_is_said_without_its_password(url: str, said: str) -> None:
    with pytest.raises(BadInput, match=said) as caught:
        read({"ZHIKE_DATABASE_URL": url})
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("url", ["postgres://bank@host/db", "postgresql:///db?host=/run/postgresql"])
def test_an_address_of_a_database(url: str) -> None:
    assert read({"ZHIKE_DATABASE_URL": url}).database_url == url
