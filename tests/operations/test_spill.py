"""What an engine spills: a place that no load clears, left by nobody for long."""

import signal
import stat
import subprocess
import sys

from small_bank import AS_OF

from zhike.core.snapshot import SnapshotStore
from zhike.core.workspace import workspace
from zhike.data.build import open_session
from zhike.data.ingest.staging import Staging
from zhike.operations.customers import actions, collecting
from zhike.operations.governance.actors import system_actor

KILLED = """
import os, signal
from zhike.core.snapshot import Manifest, SnapshotStore
from zhike.core.workspace import workspace
from zhike.data.build import open_session
with open_session(SnapshotStore(workspace()), Manifest()):
    os.kill(os.getpid(), signal.SIGKILL)
"""


def spilled() -> list[str]:
    return sorted(path.name for path in (workspace().home / "spill").glob("*"))


def test_a_load_leaves_the_folder_of_a_session_at_work_alone(bank: None) -> None:
    store = SnapshotStore(workspace())
    with open_session(store, store.current()):
        (mine,) = (workspace().home / "spill").iterdir()
        assert stat.S_IMODE(mine.stat().st_mode) == stat.S_IMODE(mine.parent.stat().st_mode) == 0o700
        Staging(workspace(), "another load").open()
        assert mine.is_dir()
        assert collecting.remove_left_spill(workspace()) == 0
        assert mine.is_dir()
    assert spilled() == []
    Staging(workspace(), "another load").clear()


def test_what_a_killed_session_left_is_collected(bank: None, child_environment: dict[str, str]) -> None:
    ended = subprocess.run([sys.executable, "-c", KILLED], env=child_environment, check=False)
    assert ended.returncode == -signal.SIGKILL
    assert len(spilled()) == 1
    actions.files_collect(system_actor())
    assert spilled() == []
    assert actions.view_build(system_actor(), as_of=AS_OF, full=True).customers == 30
    assert spilled() == []
