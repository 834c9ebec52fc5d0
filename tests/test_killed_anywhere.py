"""Killed at named points of load, build, decide and publish and started again, the whole ends in the same state."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from killed_chain import CHAIN, last_line

from zhike import sandbox
from zhike.core.settings import child_environment

pytestmark = pytest.mark.slow
POINTS = [
    "load.chunk_staged", "load.facts_written", "load.vault_written", "load.manifest_written", "build.view_written",
    "build.manifest_written", "decide.table_written", "decide.manifest_written", "publish.copied", "publish.flipped",
]  # fmt: skip


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bank") / "files"
    sandbox.make(folder, customers=150, months=2, seed=4)
    return folder


@pytest.fixture(scope="module")
def clean(bank: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any], dict[str, Any]]:
    """A workspace that nothing disturbed: its home, what stood after the base and what stood at the end."""
    home = tmp_path_factory.mktemp("clean")
    return home, run(home, bank, "base"), run(home, bank, "whole")


def run(home: Path, bank: Path, extent: str, failpoint: str = "") -> dict[str, Any]:
    environment = child_environment(ZHIKE_HOME=str(home), ZHIKE_FAILPOINT=failpoint, ZHIKE_DATABASE_URL="")
    done = subprocess.run(
        [*CHAIN, bank, extent], env=environment, capture_output=True, text=True, check=False, timeout=300
    )
    if failpoint:
        assert done.returncode == -signal.SIGKILL, done.stderr
        return {}
    assert done.returncode == 0, done.stderr
    return last_line(done.stdout)


@pytest.mark.parametrize("point", POINTS)
def test_ends_in_the_same_state(
    point: str, bank: Path, clean: tuple[Path, dict[str, Any], dict[str, Any]], tmp_path: Path
) -> None:
    undisturbed, base, whole = clean
    home = tmp_path / "home"
    # The ids are keyed: the same secrets make the two workspaces comparable.
    shutil.copytree(undisturbed / "keys", home / "keys")
    assert run(home, bank, "base")["after"] == base["after"]
    run(home, bank, "whole", failpoint=point)
    again = run(home, bank, "whole")
    served_meanwhile = whole["after"] if point == "publish.flipped" else base["after"]
    assert again["before"] == served_meanwhile, "the last publication is served meanwhile, whole"
    assert again["before"]["count"] == again["before"]["listed"], "a count and a list never disagree"
    assert (again["after"], again["vault"]) == (whole["after"], whole["vault"])
    assert (home / "CURRENT").read_text() == (undisturbed / "CURRENT").read_text()
    assert not list((home / "staging").glob("*/*")), "nothing of the load under way is left behind"
    stop = subprocess.run([sys.executable, "-m", "zhike.interfaces.cli", "stop"], check=False, capture_output=True,
                          env=child_environment(ZHIKE_HOME=str(home), ZHIKE_DATABASE_URL=""))  # fmt: skip
    assert stop.returncode == 0
