"""How the data stands: key figures, freshness, reconciliation. Read by `queries`."""

from collections import defaultdict
from typing import Any

from zhike.core.clock import now
from zhike.core.errors import NotFound, Unavailable
from zhike.core.snapshot import Manifest, SnapshotStore
from zhike.core.text import Text
from zhike.core.workspace import workspace
from zhike.data.build import VIEW
from zhike.data.segments import classifications
from zhike.data.source import sources
from zhike.operations.customers import reading
from zhike.operations.customers.shapes import Freshness, PublicationState, Published, Reconciled, SourceState
from zhike.operations.marketing.made import DECISION, stands


def behind() -> bool:
    """True when the newest snapshot holds a view with its decisions that differ from what is published."""
    store = SnapshotStore(workspace())
    manifest = store.current()
    if VIEW not in manifest.steps or not stands(manifest):
        return False
    try:
        shown = store.load(reading.published().snapshot)
    except (Unavailable, NotFound):
        return True
    return _content(shown) != _content(manifest)


def _content(manifest: Manifest) -> str:
    return manifest.content_hash([VIEW, DECISION])


def state() -> PublicationState:
    published = reading.published()
    first = classifications()[0].name
    rows = reading.select(published, "distribution")
    customers = sum(row["customers"] for row in rows if row["name"] == first)
    return PublicationState(published, (now() - published.at).total_seconds(), customers)


def freshness() -> Freshness:
    published = reading.published()
    current = SnapshotStore(workspace()).current_id() or ""
    return Freshness(published, current, behind(), tuple(_sources(published)))


def reconciled(published: Published) -> list[Reconciled]:
    """Every loaded file, in order of source and name."""
    rows = [Reconciled(**row) for row in reading.select(published, "reconciliation")]
    return sorted(rows, key=lambda row: (row.source, row.file))


def _sources(published: Published) -> list[SourceState]:
    files: dict[str, list[Reconciled]] = defaultdict(list)
    for row in reconciled(published):
        files[row.source].append(row)
    newest = {row["source"]: row["newest"] for row in reading.select(published, "source_state")}
    return [_source(name, rows, newest.get(name)) for name, rows in files.items()]


def _source(name: str, rows: list[Reconciled], newest: Any) -> SourceState:
    known = sources.all().get(name)
    return SourceState(
        source=name, title=known.title if known else Text(name, name), files=len(rows),
        rows_in=sum(row.rows_in for row in rows), accepted=sum(row.accepted for row in rows),
        quarantined=sum(row.quarantined for row in rows), newest=newest,
    )  # fmt: skip
