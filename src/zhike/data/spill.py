"""Where an engine session puts what its memory cannot hold: a folder of its own, gone when the session ends."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from zhike.core.workspace import Workspace


@contextmanager
def spill_folder(of: Workspace) -> Iterator[Path]:
    """``<home>/spill/<pid>-<random>``, mode 0700, removed at the end; beside, never inside, what loads stage."""
    parent = _parent(of)
    parent.mkdir(mode=0o700, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=parent))
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)  # says that its session lives; a killed process gives it up
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(held)


def remove_left_spill(of: Workspace) -> int:
    """Removes the folders of sessions that were killed; returns how many."""
    return sum(_removed(folder) for folder in _parent(of).glob("*"))


def _removed(folder: Path) -> bool:
    try:
        held = os.open(folder, os.O_RDONLY)
    except FileNotFoundError:  # its session ended just now
        return False
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    else:
        shutil.rmtree(folder, ignore_errors=True)
        return True
    finally:
        os.close(held)


def _parent(of: Workspace) -> Path:
    return of.home / "spill"
