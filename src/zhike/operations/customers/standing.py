"""How the data stands: freshness, reconciliation, quarantine. Read by `queries`."""

from collections.abc import Mapping
from typing import Any

from zhike.core.clock import now
from zhike.core.errors import NotFound, Unavailable
from zhike.core.snapshot import Manifest, SnapshotStore
from zhike.core.text import Locale, Text
from zhike.core.workspace import workspace
from zhike.data.build import VIEW
from zhike.data.quarantine import REASONS
from zhike.data.segments import classifications
from zhike.data.source import sources
from zhike.operations.customers import reading
from zhike.operations.customers.collecting import facts_changed
from zhike.operations.customers.shapes import Freshness, PublicationState, Published, Reconciled, SourceState
from zhike.operations.marketing.made import DECISION, state_of


def behind() -> bool:
    """True when the newest snapshot can be published, and its view or decisions differ from what is."""
    snapshot = SnapshotStore(workspace()).current_id()
    if snapshot is None or hindrance(snapshot) is not None:
        return False
    try:
        shown = reading.published().snapshot
        return shown != snapshot and _content(reading.manifest_of(shown)) != _content(reading.manifest_of(snapshot))
    except (Unavailable, NotFound):
        return True


def hindrance(snapshot: str) -> Text | None:
    """Why a snapshot cannot be published: facts, view and decisions are of one another, or the three would disagree."""
    manifest = reading.manifest_of(snapshot)
    if VIEW not in manifest.steps:
        return reading.NOT_BUILT
    day = reading.as_of(manifest)
    if facts_changed(manifest):
        return Text(
            "客户视图构建之后又加载了数据：请运行 `zhike build --as-of 日期`，再运行 `zhike decide`。",
            "Facts were loaded since the view was built: run `zhike build --as-of DATE`, then `zhike decide`.",
        )
    if state_of(snapshot) != "stands":
        return Text(
            f"该客户视图没有有效的决策：请运行 `zhike decide --as-of {day}`。",
            f"No decisions stand for this view: run `zhike decide --as-of {day}`.",
        )
    return None


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
    newer = current not in ("", published.snapshot) and facts_changed(reading.manifest_of(current))
    return Freshness(published, current, newer or behind(), tuple(_sources(published)))


def reconciled(published: Published) -> list[Reconciled]:
    """Every loaded file, in order of source and name."""
    rows = [Reconciled(**row) for row in reading.select(published, "reconciliation")]
    return sorted(rows, key=lambda row: (row.source, row.file))


def quarantined(row: Mapping[str, Any], locale: Locale) -> dict[str, Any]:
    """A row of the quarantine with its reason in words; of a source or rule no longer declared, the code alone."""
    known = sources.all().get(row["source"])
    rules = [rule for file in known.files if file.name == row["kind"] for rule in file.rules] if known else []
    own = [rule.meaning for rule in rules if (rule.code, rule.column) == (row["code"], row["column"]) and rule.meaning]
    meaning = own[0] if own else REASONS.get(row["code"])
    reason = meaning.in_(locale) if meaning else row["code"]
    shown = {name: row[name] for name in ("source", "file", "line", "code")}
    return {**shown, "reason": reason, "column": row["column"], "raw": row["raw"]}


def _sources(published: Published) -> list[SourceState]:
    known = sources.all()
    return [
        SourceState(title=known[row["source"]].title if row["source"] in known else Text(*[row["source"]] * 2), **row)
        for row in sorted(reading.select(published, "source_state"), key=lambda row: str(row["source"]))
    ]
