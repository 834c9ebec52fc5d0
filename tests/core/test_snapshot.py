"""Snapshots are named by their content: in letters, and in hexadecimal by the first version."""

import hashlib
from pathlib import Path

import pytest

from zhike.core.errors import Invariant
from zhike.core.snapshot import Manifest, SnapshotStore
from zhike.core.workspace import open_workspace


@pytest.fixture
def store(tmp_path: Path) -> SnapshotStore:
    return SnapshotStore(open_workspace(tmp_path))


def test_a_snapshot_named_in_hexadecimal_is_read(store: SnapshotStore) -> None:
    manifest = Manifest(steps={"view": {"as_of": "2026-07-15"}})
    name = store.publish(manifest, "test")
    assert (name.isalpha(), len(name), store.current()) == (True, 16, manifest)
    old = hashlib.sha256(manifest.to_json()).hexdigest()[:16]
    folder = store.workspace.snapshots
    (folder / f"{name}.json").rename(folder / f"{old}.json")
    store.workspace.current.write_text(old)
    assert (store.current_id(), store.current(), store.load(old).id) == (old, manifest, name)


@pytest.mark.parametrize("old", [False, True])
def test_a_snapshot_that_was_changed_is_refused(store: SnapshotStore, old: bool) -> None:
    manifest = Manifest(steps={"view": {"as_of": "2026-07-15"}})
    name = hashlib.sha256(manifest.to_json()).hexdigest()[:16] if old else manifest.id
    store.workspace.snapshots.mkdir(exist_ok=True)
    (store.workspace.snapshots / f"{name}.json").write_bytes(manifest.to_json().replace(b"07-15", b"07-16"))
    with pytest.raises(Invariant, match="does not match its name"):
        store.load(name)
