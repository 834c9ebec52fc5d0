"""One load: a delivery becomes one snapshot, whole or not at all; killed anywhere and started again, the same one."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from zhike.core.engine import Files, Limits, duckdb_session
from zhike.core.errors import ZhikeError
from zhike.core.failpoint import failpoint
from zhike.core.settings import settings
from zhike.core.snapshot import Manifest, SnapshotStore
from zhike.core.workspace import Workspace
from zhike.data.ingest.delivery import Delivered, delivery
from zhike.data.ingest.digestion import Digestion
from zhike.data.ingest.merge import Merge, existing, with_batches
from zhike.data.ingest.reconcile import check_controls, counts, reread
from zhike.data.ingest.report import FileReport, LoadReport, Progress
from zhike.data.ingest.staging import Record, Staging
from zhike.data.personal import PersonalField, VaultSink
from zhike.data.source import Source, sources
from zhike.data.tables import TABLES

_CODE = Path(__file__).parent.parent


def load(
    source: str | Source, folder: Path, *, workspace: Workspace, vault: VaultSink, progress: Progress
) -> LoadReport:
    """Loads every file of a source that ``folder`` holds and that was not loaded before; publishes one snapshot.

    Raises BadInput, and changes nothing, when a file is unusable as a whole or its control totals do not agree.
    """
    source = sources.get(source) if isinstance(source, str) else source
    with workspace.writer():
        if source.currency:
            workspace.check_currency(source.currency, source.name)
        store = SnapshotStore(workspace)
        manifest = store.current()
        files = delivery(source, folder)
        fresh = _fresh(source, files, manifest)
        staging = Staging(workspace, _load_id(source, fresh, store.current_id()))
        finished = staging.open()
        try:
            if fresh:
                manifest = _Load(source, files, fresh, store, manifest, staging, vault, progress).run(finished)
        except ZhikeError:
            staging.clear()
            raise
        staging.clear()
        return LoadReport(source.name, store.current_id() or manifest.id, _report(source, files, fresh, manifest))


@dataclass(frozen=True)
class _Load:
    source: Source
    files: list[Delivered]
    fresh: list[Delivered]
    store: SnapshotStore
    manifest: Manifest
    staging: Staging
    vault: VaultSink
    progress: Progress

    def run(self, finished: list[Record]) -> Manifest:
        """Digests what is not staged yet, reconciles, writes facts and vault, publishes."""
        # No folder to spill to: what DuckDB holds in memory here may be personal.
        limits = Limits(settings().threads, settings().memory_mb)
        with duckdb_session({}, limits) as session:
            digestion = Digestion(self.source, self.files, self.fresh, self.staging, session)
            records = digestion.run(finished, self.store, self.manifest, self.progress)
        check_controls(self.source, self.fresh, records)
        with duckdb_session(self._published(), limits) as session:
            merge = Merge(self.staging, records, self.store, self.manifest, session)
            refused = reread(self.source, self.files, merge.contradictions(self.progress))
            manifest = merge.quarantine(refused, merge.facts(self.progress))
        failpoint("load.facts_written")
        self._write_vault(merge)
        failpoint("load.vault_written")
        tally = counts(self.fresh, records, self.staging, refused)
        batches = {_batch(self.source, one): {"source": self.source.name, **tally[one.index]} for one in self.fresh}
        manifest = with_batches(manifest, batches, {self.source.name: _declared(self.source)})
        if self.source.currency:
            self.store.workspace.adopt_currency(self.source.currency, self.source.name)
        self.store.publish(manifest, "load")
        return manifest

    def _published(self) -> dict[str, Files]:
        """The events there are, for the merge."""
        events = [table for table in TABLES.values() if table.shape == "event"]
        return {
            existing(table.name): Files(table.arrow_schema(), self.store.paths(self.manifest, table.name))
            for table in events
        }

    def _write_vault(self, merge: Merge) -> None:
        """Hands over the personal fields of accepted rows, chunk by chunk; of a field said twice, as known last."""
        for done, record in enumerate(merge.records):
            rows = self.staging.personal(record)
            if rows is None:
                continue
            last: dict[tuple[str, str, str], PersonalField] = {}
            columns = (rows[name].to_pylist() for name in ("party_id", "field", "value", "known_from"))
            for party, field, value, day, refused in zip(*columns, merge.refused(rows), strict=True):
                at = party, field, value if field == "card_number" else ""
                if not refused and (at not in last or last[at].known_from <= day):
                    last[at] = PersonalField(party, field, value, day)
            self.vault.write(last.values())
            self.progress("vault", done + 1, len(merge.records))


def _fresh(source: Source, files: list[Delivered], manifest: Manifest) -> list[Delivered]:
    """Files whose content was not loaded for their day before, of equal ones the first."""
    seen = set(manifest.batches)
    found = []
    for one in files:
        if (batch := _batch(source, one)) not in seen:
            seen.add(batch)
            found.append(one)
    return found


def _batch(source: Source, one: Delivered) -> str:
    """What was loaded once: the same content of the same day, whatever its name and packing.

    Another day says something new, even in the same words: a full extract may return to what it said before.
    One content may serve two sources, or two kinds of file: each loads it once.
    """
    day = f"@{one.known}" if one.known else ""
    return f"{source.name}/{one.kind.name}{day}:{one.layout.sha256}"


def _declared(source: Source) -> dict[str, object]:
    return {
        "consent": source.consent, "currency": source.currency, "zone": source.zone, "keys_of": source.namespace,
        "title": asdict(source.title),
    }  # fmt: skip


def _load_id(source: Source, fresh: Sequence[Delivered], snapshot: str | None) -> str:
    """Equal only for the same files, on the same facts, by the same code."""
    digest = hashlib.sha256(f"{source.name}\0{snapshot}".encode())
    for one in fresh:
        digest.update(f"\0{one.kind.name}\0{one.name}\0{one.layout.sha256}".encode())
    for path in sorted(_CODE.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:24]


def _report(
    source: Source, files: list[Delivered], fresh: list[Delivered], manifest: Manifest
) -> tuple[FileReport, ...]:
    new = {one.index for one in fresh}
    reports = []
    for one in files:
        batch = manifest.batches[_batch(source, one)]
        rows_in, accepted, quarantined = (int(batch[name]) for name in ("rows_in", "accepted", "quarantined"))
        reports.append(FileReport(one.name, rows_in, accepted, quarantined, already=one.index not in new))
    return tuple(reports)
