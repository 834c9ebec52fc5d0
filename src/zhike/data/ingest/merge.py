"""Staged chunks -> immutable fact files: keys once, versions only where something changed, rows in a fixed order.

Events are taken month by month, small months together; a dimension is taken whole.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import ibis
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from zhike.core.engine import DuckSession, sql
from zhike.core.snapshot import FactFile, Manifest, SnapshotStore
from zhike.data import quarantine
from zhike.data.ingest.outcome import PLACE
from zhike.data.ingest.repeats import file_and_line, places, repeats
from zhike.data.ingest.report import Progress
from zhike.data.ingest.staging import Part, Record, Staging, owner
from zhike.data.ingest.verdict import CONFIRMED, DELIVERED, PUBLISHED, confirmed, judged
from zhike.data.schema import Table
from zhike.data.tables import TABLES

_TOGETHER_ROWS = 1_000_000
_PLACE_NAMES = tuple(place.name for place in PLACE)


@dataclass
class Merge:
    """Brings the chunks of one load together with the facts there are."""

    staging: Staging
    records: Sequence[Record]
    store: SnapshotStore
    manifest: Manifest
    session: DuckSession
    _refused: dict[int, str] = field(default_factory=dict)
    # Of each event table the places of the rows whose key was told before, or is told again.
    _met_again: dict[str, npt.NDArray[np.int64]] = field(default_factory=dict)

    def contradictions(self, progress: Progress) -> dict[tuple[int, int], str]:
        """(file, line) of raw rows that contradict an accepted row of their key -> the code. Call first.

        A row that only says the same again is no contradiction: it counts as accepted and adds nothing.
        """
        for done, name in enumerate(events := self._tables("event")):
            progress("keys", done, len(events))
            found = repeats(TABLES[name], self.staging, self.records, self.session, existing(name))
            self._refused |= dict.fromkeys(found.contradicting, "contradicts_earlier")
            self._met_again[name] = found.places
        for name in self._tables("dimension"):
            rows = self._versions(TABLES[name])
            strange = pc.and_(pc.equal(rows["verdict"], "contradicts"), pc.equal(rows["_from"], DELIVERED))
            for place in places(rows.filter(strange)).tolist():
                self._refused.setdefault(place, "duplicate_key")
        return {file_and_line(place): code for place, code in sorted(self._refused.items())}

    def facts(self, progress: Progress) -> Manifest:
        """Writes the new files; the manifest with them."""
        manifest = self.manifest
        for done, name in enumerate(events := self._tables("event")):
            progress("facts", done, len(events))
            files = [file for months in self._months(name) for file in self._event_files(TABLES[name], months)]
            manifest = _with(manifest, name, files, TABLES[name].arrow_schema())
        for name in self._tables("dimension"):
            manifest = self._with_versions(manifest, TABLES[name])
        return manifest

    def refused(self, rows: pa.Table) -> npt.NDArray[np.bool_]:
        """Which of some rows with ``_file`` and ``_line`` belong to raw rows refused as contradictions."""
        if not self._refused:
            return np.zeros(rows.num_rows, bool)
        return np.isin(places(rows), np.fromiter(self._refused, np.int64))

    def quarantine(self, extra: pa.Table, manifest: Manifest) -> Manifest:
        """Adds the refused rows of all chunks, and ``extra`` ones, as one file."""
        schema = pa.schema([*quarantine.SCHEMA, *PLACE])
        batches = [batch for record in self.records for batch in self.staging.rows(record, quarantine.TABLE)]
        rows = pa.concat_tables([pa.Table.from_batches(batches, schema), extra])
        rows = rows.sort_by([("_file", "ascending"), ("_line", "ascending")])
        if not rows.num_rows:
            return manifest
        file = self.store.add(quarantine.TABLE, "", rows.select(quarantine.SCHEMA.names).cast(quarantine.SCHEMA))
        return _with(manifest, quarantine.TABLE, [file], quarantine.SCHEMA)

    def _tables(self, shape: str) -> list[str]:
        names = {name for record in self.records for name in record.tables if name != quarantine.TABLE}
        return sorted(name for name in names if TABLES[name].shape == shape)

    def _months(self, table: str) -> Iterator[list[str]]:
        """Months of a table, small neighbours together."""
        rows: dict[str, int] = {}
        for record in self.records:
            for part in record.tables.get(table, []):
                rows[part.partition] = rows.get(part.partition, 0) + part.rows
        group: list[str] = []
        held = 0
        for name in sorted(rows):
            if group and held + rows[name] > _TOGETHER_ROWS:
                yield group
                group, held = [], 0
            group.append(name)
            held += rows[name]
        yield group

    def _staged(
        self,
        table: Table,
        months: Sequence[str],
        columns: Sequence[str],
        owners: tuple[Any, Any] = (None, None),
    ) -> pa.Table:
        schema = pa.schema([*table.arrow_schema(), *PLACE])
        wanted = [name for name in schema.names if name in columns or name in _PLACE_NAMES]
        rows = (self.staging.rows(record, table.name, months, wanted, owners) for record in self.records)
        batches = (batch for part in rows for batch in part)
        return pa.Table.from_batches(batches, pa.schema([schema.field(name) for name in wanted]))

    def _existing(self, name: str, table: Table, months: Sequence[str], columns: Sequence[str]) -> pa.Table:
        files = [file for file in self.manifest.tables.get(name, ()) if file.partition in months]
        schema = pa.schema([table.arrow_schema().field(name) for name in columns])
        parts = [pq.read_table(self.store.path(file), columns=list(columns), partitioning=None) for file in files]
        return pa.concat_tables([schema.empty_table(), *(part.cast(schema) for part in parts)])

    def _first_told(self, table: Table, months: Sequence[str], rows: pa.Table) -> pa.Table:
        """Without the rows that say again what stands in the facts or at an earlier place: the same day, so month."""
        suspects = np.isin(places(rows), self._met_again[table.name])
        if not suspects.any():
            return rows
        key = table.key[0]
        self.session.add("fresh", rows.filter(pa.array(suspects)))
        self.session.add("known", self._existing(table.name, table, months, [key]))
        fresh = ibis.table({**dict(table.ibis_schema().items()), "_file": "int32", "_line": "int64"}, name="fresh")
        rank = ibis.row_number().over(ibis.window(group_by=key, order_by=["_file", "_line"]))
        first = fresh.mutate(rank=rank).filter(lambda ranked: ranked["rank"] == 0).drop("rank")
        told = self.session.query(first.anti_join(ibis.table({key: fresh[key].type()}, name="known"), key))
        return pa.concat_tables([rows.filter(pa.array(~suspects)), told.select(rows.column_names).cast(rows.schema)])

    def _event_files(self, table: Table, months: Sequence[str]) -> list[FactFile]:
        """One file for each month and range of owners: what is summed by account stands together."""
        files = []
        for owners in _owner_ranges(self._parts(table, months)):
            rows = self._staged(table, months, table.names, owners)
            rows = rows.filter(pa.array(~self.refused(rows))) if self._refused else rows
            rows = self._first_told(table, months, rows) if len(self._met_again[table.name]) else rows
            ordered = self._ordered(table, rows, ["_month", owner(table), "business_date", *table.key])
            starts = _month_starts(ordered, months)
            files += [
                self.store.add(table.name, month, ordered.slice(begin, end - begin))
                for month, begin, end in zip(months, starts[:-1], starts[1:], strict=True)
                if end > begin
            ]
        return files

    def _parts(self, table: Table, months: Sequence[str]) -> list[Part]:
        there = (record.tables.get(table.name, []) for record in self.records)
        return [part for parts in there for part in parts if part.partition in months]

    def _with_versions(self, manifest: Manifest, table: Table) -> Manifest:
        """Adds new versions to a dimension; of what was only confirmed, one file replaces the one before."""
        rows = self._versions(table)
        rows = rows.filter(pa.array(~self.refused(rows)))
        unchanged = pc.equal(rows["verdict"], "unchanged")
        order = [*dict.fromkeys([*table.key, "source", "valid_from", "known_from"])]
        schema = table.arrow_schema()
        new, again = rows.filter(pc.invert(unchanged)), rows.filter(pc.and_(unchanged, rows["last"]))
        if new.num_rows:
            manifest = _with(
                manifest, table.name, [self.store.add(table.name, "", self._ordered(table, new, order))], schema
            )
        aside = confirmed(table.name)
        if again.num_rows:
            manifest = manifest.with_table(
                aside, [self.store.add(aside, "", self._ordered(table, again, order))], schema
            )
        elif aside in manifest.tables:
            manifest = manifest.with_table(aside, [], schema)
        return manifest

    def _ordered(self, table: Table, rows: pa.Table, order: list[str]) -> pa.Table:
        self.session.add("merged", rows.select(list(table.names)))
        return self.session.query_sql(_ordering(table, tuple(order))).cast(table.arrow_schema())

    def _versions(self, table: Table) -> pa.Table:
        """Staged rows of a dimension, and those kept aside before, each with its verdict."""
        fresh = self._staged(table, [""], table.names)
        fresh = fresh.filter(pa.array(~self.refused(fresh))) if self._refused else fresh
        known = self._existing(table.name, table, [""], table.names)
        aside = self._existing(confirmed(table.name), table, [""], table.names)
        for column in PLACE:
            known = known.append_column(column, pa.nulls(known.num_rows, column.type))
            aside = aside.append_column(column, pa.nulls(aside.num_rows, column.type))
        parts = ((known, PUBLISHED), (aside, CONFIRMED), (fresh, DELIVERED))
        marked = [
            rows.append_column("_from", pa.array([origin] * rows.num_rows, pa.string())) for rows, origin in parts
        ]
        self.session.add("versions", pa.concat_tables(marked))
        return self.session.query_sql(_judging(table))


@cache
def _judging(table: Table) -> str:
    """Compiled once for a table, as `_ordering`: a daily load is small, compiling would be most of it."""
    schema = {**dict(table.ibis_schema().items()), "_file": "int32", "_line": "int64", "_from": "string"}
    return sql(judged(ibis.table(schema, name="versions"), table))


@cache
def _ordering(table: Table, order: tuple[str, ...]) -> str:
    merged = ibis.table(table.ibis_schema(), name="merged")
    return sql(
        merged.order_by([merged.business_date.truncate("M") if key == "_month" else merged[key] for key in order])
    )


def _owner_ranges(parts: Sequence[Part]) -> list[tuple[Any, Any]]:
    """Owners from and up to (exclusive), such that no range holds many more rows than are taken together."""
    edges: list[Any] = [None]
    held = 0
    for part in sorted(parts, key=lambda part: part.first):
        if held and held + part.rows > _TOGETHER_ROWS and part.first != edges[-1]:
            edges.append(part.first)
            held = 0
        held += part.rows
    return list(zip(edges, [*edges[1:], None], strict=True))


def _month_starts(ordered: pa.Table, months: Sequence[str]) -> npt.NDArray[np.int64]:
    """Where the rows of each month begin, and where the last one ends."""
    found = np.asarray(ordered["business_date"].combine_chunks()).astype("datetime64[M]")
    return np.searchsorted(found, np.array([*months, "9999-12"], "datetime64[M]"))


def existing(table: str) -> str:
    """The name under which the merge's session holds the published rows of an event table."""
    return f"existing_{table}"


def _with(manifest: Manifest, table: str, files: Sequence[FactFile], schema: pa.Schema) -> Manifest:
    there = manifest.tables.get(table, ())
    paths = {file.path for file in there}
    fresh = [file for file in files if file.path not in paths]
    return manifest.with_table(table, [*there, *fresh], schema) if fresh else manifest


def with_batches(
    manifest: Manifest, batches: dict[str, dict[str, object]], source: dict[str, dict[str, object]]
) -> Manifest:
    """Records the files loaded and what their source declares."""
    return replace(manifest, batches={**manifest.batches, **batches}, sources={**manifest.sources, **source})
