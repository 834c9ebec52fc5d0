"""Which files of a workspace nothing needs any more, and whether its view is behind its facts."""

import shutil
import time
from dataclasses import dataclass
from datetime import date

import ibis

from zhike.core.clock import business_date, now
from zhike.core.engine import Files, Limits, duckdb_session
from zhike.core.settings import settings
from zhike.core.snapshot import Manifest, SnapshotStore
from zhike.core.workspace import Workspace, workspace
from zhike.data.build import VIEW
from zhike.data.rows import OPERATIONS
from zhike.data.spill import remove_left_spill
from zhike.data.tables import TABLES

KEPT_SNAPSHOTS = 5
_OLD_STAGING_SECONDS = 2 * 86_400


@dataclass(frozen=True)
class Removed:
    """How many files and snapshots were removed, and what they took."""

    files: int
    snapshots: int
    bytes: int


def collect(of: Workspace, published: str | None) -> Removed:
    """Removes by reachability from CURRENT, the publication and the newest manifests. Holds the writer's lock."""
    store = SnapshotStore(of)
    with of.writer():
        manifests = sorted(of.snapshots.glob("*.json"), key=lambda path: path.stat().st_mtime, reverse=True)
        kept = {path.stem for path in manifests[:KEPT_SNAPSHOTS]} | {published, store.current_id()}
        reached = {
            store.path(file)
            for path in manifests
            if path.stem in kept
            for files in store.load(path.stem).tables.values()
            for file in files
        }
        # A file is removed after the manifests that name it: a reader never finds a manifest without its files.
        gone = [path for path in manifests if path.stem not in kept]
        for path in gone:
            path.unlink()
        loose = [path for path in of.facts.rglob("*") if path.is_file() and path not in reached]
        size = sum(path.stat().st_size for path in loose)
        for path in loose:
            path.unlink()
        _clear_staging(of)
    remove_left_spill(of)
    return Removed(len(loose), len(gone), size)


def newest_day(manifest: Manifest) -> date | None:
    """The newest day that the loaded events were known at, today in the bank's zone at most; None when there is none.

    ``known_at`` is the date of a file, else that of the event: no event dated in the future moves the bank there. What
    is recorded here moves it neither: the bank's own files say how far its accounts are known.
    """
    store, chosen = SnapshotStore(workspace()), settings()
    tables = [table for table in TABLES.values() if table.shape == "event" and manifest.tables.get(table.name)]
    if not tables:
        return None
    files = {table.name: Files(table.arrow_schema(), store.paths(manifest, table.name)) for table in tables}
    days = ibis.union(*(table.unbound().select("known_at", "source") for table in tables))
    days = days.filter(days.known_at <= business_date(now(), chosen.zone), days.source != OPERATIONS)
    with duckdb_session(files, Limits(chosen.threads, chosen.memory_mb)) as session:
        newest: date | None = session.query(days.aggregate(newest=days.known_at.max()))["newest"][0].as_py()
    return newest


def facts_changed(manifest: Manifest) -> bool:
    """True when facts were loaded after the view was built."""
    step = manifest.steps.get(VIEW)
    return step is None or step["facts"] != manifest.content_hash(TABLES)


def _clear_staging(of: Workspace) -> None:
    oldest = time.time() - _OLD_STAGING_SECONDS
    for path in of.staging.iterdir():
        if path.stat().st_mtime < oldest:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
