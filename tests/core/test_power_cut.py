"""What a power cut or a kill may leave: names are on disk before what relies on them, no half-bound workspace."""

import os
from pathlib import Path

import pyarrow as pa
import pytest

from zhike.core.errors import BadInput
from zhike.core.snapshot import Manifest, SnapshotStore
from zhike.core.workspace import open_workspace


def test_every_rename_is_synced_before_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Facts, then the manifest, then CURRENT: each folder is synced after the rename in it."""
    done: list[tuple[str, str]] = []
    replace, fsync = os.replace, os.fsync

    def replaced(source: Path, target: Path) -> None:
        done.append(("rename", Path(target).parent.name))
        replace(source, target)

    def synced(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        if path.is_dir():
            done.append(("sync", path.name))
        fsync(descriptor)

    store = SnapshotStore(open_workspace(tmp_path / "home"))
    monkeypatch.setattr(os, "replace", replaced)
    monkeypatch.setattr(os, "fsync", synced)
    file = store.add("party", "", pa.table({"x": [1]}))
    store.publish(Manifest().with_table("party", [file], pa.schema([("x", pa.int64())])), "load")
    assert done == [
        ("sync", "facts"),
        ("rename", "party"), ("sync", "party"),
        ("rename", "snapshots"), ("sync", "snapshots"),
        ("rename", "home"), ("sync", "home"),
    ]  # fmt: skip


def test_a_workspace_without_a_snapshot_is_bound_to_no_currency(tmp_path: Path) -> None:
    """A load that was killed before it published may be followed by a source in another currency."""
    workspace = open_workspace(tmp_path / "home")
    workspace.adopt_currency("CNY", "one")
    workspace.adopt_currency("CZK", "two")
    assert workspace.currency == "CZK"
    SnapshotStore(workspace).publish(Manifest(), "load")
    with pytest.raises(BadInput, match="is in CNY, but this workspace reports in CZK"):
        workspace.adopt_currency("CNY", "one")
