"""Staged chunks -> immutable fact files: keys once, versions only where something changed, rows in a fixed order."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from zhike.core.engine import DuckSession
from zhike.core.snapshot import FactFile, Manifest, SnapshotStore
from zhike.data import quarantine
from zhike.data.ingest.outcome import PLACE
from zhike.data.ingest.report import Progress
from zhike.data.ingest.staging import Record, Staging
from zhike.data.schema import Table
from zhike.data.tables import TABLES

_LINE_BITS = 40


@dataclass
class Merge:
    """Brings the chunks of one load together with the facts there are."""

    staging: Staging
    records: Sequence[Record]
    store: SnapshotStore
    manifest: Manifest
    session: DuckSession
    _refused: set[int] = field(default_factory=set)

    def duplicates(self) -> list[tuple[int, int]]:
        """(file, line) of raw rows whose key was accepted already, in this load or before. Call first."""
        for name in self._tables("event"):
            for partition in self._partitions(name):
                self._refused.update(self._repeated(TABLES[name], partition))
        for name in self._tables("dimension"):
            rows = self._versions(TABLES[name])
            self._refused.update(_places(rows.filter(pc.equal(rows["verdict"], "contradicts"))))
        return sorted((place >> _LINE_BITS, place & ((1 << _LINE_BITS) - 1)) for place in self._refused)

    def facts(self, progress: Progress) -> Manifest:
        """Writes the new files; the manifest with them."""
        manifest = self.manifest
        for done, name in enumerate(events := self._tables("event")):
            progress("facts", done, len(events))
            files = [self._event_file(TABLES[name], partition) for partition in self._partitions(name)]
            manifest = _with(manifest, name, files, TABLES[name].arrow_schema())
        for name in self._tables("dimension"):
            manifest = _with(manifest, name, [self._dimension_file(TABLES[name])], TABLES[name].arrow_schema())
        return manifest

    def refused(self, rows: pa.Table) -> np.ndarray:
        """Which of some rows with ``_file`` and ``_line`` belong to raw rows refused as duplicates."""
        if not self._refused:
            return np.zeros(rows.num_rows, bool)
        return np.isin(_places(rows), np.fromiter(self._refused, np.int64))

    def _tables(self, shape: str) -> list[str]:
        names = {name for record in self.records for name in record.tables if name != quarantine.TABLE}
        return sorted(name for name in names if TABLES[name].shape == shape)

    def _partitions(self, table: str) -> list[str]:
        return sorted({name for record in self.records for name, _ in record.tables.get(table, [])})

    def _staged(self, table: Table, partition: str | None) -> pa.Table:
        schema = pa.schema([*table.arrow_schema(), *PLACE])
        batches = [batch for record in self.records for batch in self.staging.rows(record, table.name, partition)]
        return pa.Table.from_batches(batches, schema)

    def _existing(self, table: Table, partition: str, columns: list[str]) -> pa.Table:
        files = [file for file in self.manifest.tables.get(table.name, ()) if file.partition == partition]
        parts = [pq.read_table(self.store.path(file), columns=columns, partitioning=None) for file in files]
        empty = table.arrow_schema().empty_table().select(columns)
        return pa.concat_tables([empty, *(part.cast(empty.schema) for part in parts)])

    def _repeated(self, table: Table, partition: str) -> np.ndarray:
        key = table.key[0]
        self.session.add("fresh", self._staged(table, partition).select([key, "_file", "_line"]))
        self.session.add("existing", self._existing(table, partition, [key]))
        text = "int64" if table.column(key).type == "int64" else "string"
        fresh = ibis.table({key: text, "_file": "int32", "_line": "int64"}, name="fresh")
        existing = ibis.table({key: text}, name="existing")
        once = self.session.query(fresh.aggregate(rows=fresh.count(), keys=fresh[key].nunique())).to_pylist()[0]
        repeated = [fresh.inner_join(existing.distinct(), key).select("_file", "_line")]
        if once["rows"] != once["keys"]:
            rank = ibis.row_number().over(ibis.window(group_by=key, order_by=["_file", "_line"]))
            later = fresh.mutate(rank=rank)
            repeated.append(later.filter(later["rank"] > 0).select("_file", "_line"))
        return np.concatenate([_places(self.session.query(one)) for one in repeated])

    def _event_file(self, table: Table, partition: str) -> FactFile | None:
        rows = self._staged(table, partition)
        rows = rows.filter(pa.array(~self.refused(rows))) if self._refused else rows
        if not rows.num_rows:
            return None
        owners = [name for name in ("account_id", "party_id", "card_id") if name in table.names]
        return self._write(table, partition, rows, ["business_date", *owners[:1], *table.key])

    def _dimension_file(self, table: Table) -> FactFile | None:
        rows = self._versions(table)
        rows = rows.filter(pc.equal(rows["verdict"], "new"))
        rows = rows.filter(pa.array(~self.refused(rows)))
        if not rows.num_rows:
            return None
        return self._write(table, "", rows, [*dict.fromkeys([*table.key, "source", "valid_from", "known_from"])])

    def _write(self, table: Table, partition: str, rows: pa.Table, order: list[str]) -> FactFile:
        self.session.add("merged", rows.select(list(table.names)))
        merged = ibis.table(table.ibis_schema(), name="merged")
        reader = self.session.stream(merged.order_by(order))
        return self.store.add(table.name, partition, reader.cast(table.arrow_schema()))

    def _versions(self, table: Table) -> pa.Table:
        """Staged rows of a dimension with a verdict: new, unchanged, or contradicts (another version of that day)."""
        fresh = self._staged(table, None)
        fresh = fresh.filter(pa.array(~self.refused(fresh))) if self._refused else fresh
        known = self._existing(table, "", list(table.names))
        for column in PLACE:
            known = known.append_column(column, pa.nulls(known.num_rows, column.type))
        self.session.add("versions", pa.concat_tables([known, fresh]))
        schema = {**dict(table.ibis_schema().items()), "_file": "int32", "_line": "int64"}
        return self.session.query(_judged(ibis.table(schema, name="versions"), table))


def _judged(rows: ibis.Table, table: Table) -> ibis.Table:
    key = list(dict.fromkeys([*table.key, "source"]))
    told = [name for name in table.names if name not in (*key, "valid_from", "known_from")]
    content = ibis.struct({name: rows[name] for name in told}) if told else ibis.literal(0)
    order = [rows.valid_from, rows.known_from, rows["_file"].asc(nulls_first=True), rows["_line"].asc(nulls_first=True)]
    before = ibis.window(group_by=key, order_by=order)
    compared = rows.mutate(
        repeats=content.identical_to(content.lag().over(before)) & ibis.row_number().over(before).cast("bool"),
        same_day=rows.valid_from.identical_to(rows.valid_from.lag().over(before))
        & rows.known_from.identical_to(rows.known_from.lag().over(before)),
    )
    verdict = ibis.cases((compared.repeats, "unchanged"), (compared.same_day, "contradicts"), else_="new")
    return compared.filter(compared["_line"].notnull()).mutate(verdict=verdict).drop("repeats", "same_day")


def _places(rows: pa.Table) -> np.ndarray:
    """File and line of rows as one number."""
    files, lines = (np.asarray(rows[name].combine_chunks(), np.int64) for name in ("_file", "_line"))
    return (files << _LINE_BITS) | lines


def _with(manifest: Manifest, table: str, files: Sequence[FactFile | None], schema: pa.Schema) -> Manifest:
    there = manifest.tables.get(table, ())
    paths = {file.path for file in there}
    fresh = [file for file in files if file is not None and file.path not in paths]
    return manifest.with_table(table, [*there, *fresh], schema) if fresh else manifest


def with_quarantine(merge: Merge, extra: pa.Table, manifest: Manifest) -> Manifest:
    """Adds the refused rows of all chunks, and ``extra`` ones, as one file."""
    schema = pa.schema([*quarantine.SCHEMA, *PLACE])
    batches = [batch for record in merge.records for batch in merge.staging.rows(record, quarantine.TABLE)]
    rows = pa.concat_tables([pa.Table.from_batches(batches, schema), extra])
    rows = rows.sort_by([("_file", "ascending"), ("_line", "ascending")])
    if not rows.num_rows:
        return manifest
    file = merge.store.add(quarantine.TABLE, "", rows.select(quarantine.SCHEMA.names).cast(quarantine.SCHEMA))
    return _with(manifest, quarantine.TABLE, [file], quarantine.SCHEMA)


def with_batches(
    manifest: Manifest, batches: dict[str, dict[str, object]], source: dict[str, dict[str, object]]
) -> Manifest:
    """Records the files loaded and what their source declares."""
    return replace(manifest, batches={**manifest.batches, **batches}, sources={**manifest.sources, **source})
