"""The workspace is its owner's alone."""

import stat
from pathlib import Path

import pytest

from zhike.core.errors import Conflict
from zhike.core.workspace import open_workspace


def test_the_writers_lock_is_readable_by_nobody_else(tmp_path: Path) -> None:
    home = open_workspace(tmp_path / "bank")
    lock = home.home / "writer.lock"
    lock.touch(mode=0o644)
    with home.writer():
        assert stat.S_IMODE(lock.stat().st_mode) == 0o600
        with pytest.raises(Conflict), home.writer():
            pass
    assert stat.S_IMODE(home.home.stat().st_mode) == 0o700
