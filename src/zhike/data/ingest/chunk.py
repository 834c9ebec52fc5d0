"""The first half of a chunk's road: raw texts -> typed rows, each accepted or refused with a reason."""

from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from zhike.core.clock import business_date, now
from zhike.core.engine import DuckSession
from zhike.core.errors import Invariant
from zhike.data.columns import CardNumber, Moment, Party, RawColumn, Surrogate
from zhike.data.identity import Crosswalk
from zhike.data.ingest import distinct, texts, typed
from zhike.data.ingest.instants import Instants
from zhike.data.ingest.reading import RawChunk
from zhike.data.source import RawFile, Source

# Of each row (code, raw column), or None where it is accepted.
Reasons = npt.NDArray[np.object_]
Ids = npt.NDArray[np.int64]


class Kind:
    """Reads the chunks of one kind of file, keeping what repeats between them."""

    def __init__(self, source: Source, file: RawFile, session: DuckSession, keys: distinct.Keys) -> None:
        self.source, self.file, self.session = source, file, session
        self.plan = typed.plan(source, file)
        self._readers: dict[str, distinct.Distinct | Instants | texts.Texts] = {}
        for name, column in file.readings:
            if isinstance(column, Moment):
                self._readers[typed.typed_name(name, column)] = Instants(column, ZoneInfo(source.zone))
            elif distinct.outputs(column):
                self._readers[typed.typed_name(name, column)] = distinct.reader(column, keys)
            elif isinstance(column, texts.KINDS):
                self._readers[typed.typed_name(name, column)] = texts.Texts(column, source.currency)

    def read(
        self, chunk: RawChunk, known: pa.Array, crosswalk: Crosswalk, ids: dict[str, Ids]
    ) -> tuple[pa.Table, Reasons]:
        """Typed and prepared rows in order, and what is wrong with each.

        ``known``: the date of each row's file · ``ids``: the surrogates in a canonical table, sorted, for ``known_in``.
        """
        rows, numbers = self.plain(chunk, known)
        if self.plan.judge:
            self.session.add("typed", rows)
            judged = self.session.query_sql(self.plan.judge).combine_chunks()
            if not np.array_equal(judged["_row"].to_numpy(), np.arange(chunk.rows.num_rows)):
                raise Invariant(
                    f"source {self.source.name}: prepare of {self.file.name} must keep each row exactly once."
                )
            broken = judged["_reason"].fill_null(-1).to_numpy()
            numbers = np.where(numbers >= 0, numbers, broken)
            rows = rows if self.file.prepare is None else judged.drop_columns("_reason")
        reasons = self._named(numbers)
        return self._referred(rows, reasons, crosswalk, ids), reasons

    def plain(self, chunk: RawChunk, known: pa.Array) -> tuple[pa.Table, Ids]:
        """The typed columns, bad values null; and of each row the number of its first reason that reading gave, or -1.

        What repeats (dates, codes, numbers of things) counts before amounts and texts.
        """
        count = chunk.rows.num_rows
        columns: dict[str, Any] = {
            "_row": pa.array(np.arange(count)), "_file": pa.array(chunk.files.astype(np.int32)),
            "_line": pa.array(chunk.lines), "_known": known, "_latest": self._latest(known),
        }  # fmt: skip
        early, late = np.full(count, -1, np.int64), np.full(count, -1, np.int64)
        readings = len(self.file.readings)
        for at, (name, column) in enumerate(self.file.readings):
            if typed.typed_name(name, column) not in self._readers:
                continue
            made, state = self._read(name, column, chunk)
            first = late if isinstance(column, texts.KINDS) else early
            for wrong, number in (
                (distinct.UNREADABLE, at),
                (distinct.MISSING, readings + at),
                (texts.OUT_OF_RANGE, 2 * readings + at),
            ):
                if wrong != distinct.MISSING or not column.optional:
                    first[(first < 0) & (state == wrong)] = number
            columns.update(zip((f.name for f in typed.fields_of(name, column)), made, strict=True))
        schema = typed.schema(self.file)
        return pa.table([columns[f.name] for f in schema], schema=schema), np.where(early >= 0, early, late)

    def _latest(self, known: pa.Array) -> pa.Array:
        """A day after the file's: a night run tells of the small hours. Without one, today where the bank is."""
        today = pa.scalar(business_date(now(), self.source.zone), pa.date32()).cast(pa.int32())
        return pc.fill_null(pc.add(known.cast(pa.int32()), pa.scalar(1, pa.int32())), today).cast(pa.date32())

    def _read(self, name: str, column: RawColumn, chunk: RawChunk) -> tuple[list[pa.Array], distinct.State]:
        reader = self._readers[typed.typed_name(name, column)]
        cells = flat(chunk.rows[name])
        if not isinstance(reader, Instants):
            return reader.typed(cells)
        beside = column.and_column if isinstance(column, Moment) else ""
        return reader.typed(cells, flat(chunk.rows[beside]) if beside else None)

    def _named(self, numbers: Ids) -> Reasons:
        reasons = np.full(len(numbers), None, object)
        for i in np.flatnonzero(numbers >= 0):
            reasons[i] = self.plan.reasons[numbers[i]]
        return reasons

    def _referred(self, rows: pa.Table, reasons: Reasons, crosswalk: Crosswalk, ids: dict[str, Ids]) -> pa.Table:
        """Refuses rows that speak of what nobody introduced; puts party ids in the place of customer numbers."""
        for name, column in self.file.readings:
            at = typed.typed_name(name, column)
            if isinstance(column, Surrogate | CardNumber) and column.known_in:
                cells = flat(rows[at])
                given = cells.is_valid().to_numpy(False)
                strange = given & ~_inside(ids[column.known_in], cells.fill_null(0).to_numpy())
                kind = column.kind if isinstance(column, Surrogate) else "card"
                refuse(reasons, strange, (f"unknown_{kind}", name))
            elif isinstance(column, Party) and column.first_known is None:
                rows = _with_parties(rows, at, name, reasons, crosswalk)
            elif isinstance(column, Party):
                refuse(reasons, rows[column.first_known].is_null().to_numpy(), ("missing_value", name))
        for at in self.file.party_columns:
            rows = _with_parties(rows, at, at, reasons, crosswalk)
        return rows


def _with_parties(rows: pa.Table, at: str, name: str, reasons: Reasons, crosswalk: Crosswalk) -> pa.Table:
    cells = flat(rows[at]).dictionary_encode()
    parties = pa.array(crosswalk.find(cells.dictionary.to_pylist()), pa.string()).take(cells.indices)
    strange = cells.is_valid().to_numpy(False) & parties.is_null().to_numpy(False)
    refuse(reasons, strange, ("unknown_party", name))
    return rows.set_column(rows.column_names.index(at), at, parties)


def refuse(reasons: Reasons, where: npt.NDArray[np.bool_], reason: tuple[str, str]) -> None:
    """Gives rows a reason, unless they have one."""
    for i in np.flatnonzero(where):
        if reasons[i] is None:
            reasons[i] = reason


def _inside(ordered: Ids, wanted: Ids) -> npt.NDArray[np.bool_]:
    at = np.minimum(np.searchsorted(ordered, wanted), max(len(ordered) - 1, 0))
    return ordered[at] == wanted if len(ordered) else np.zeros(len(wanted), bool)


def flat(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """A column as one array."""
    if isinstance(column, pa.Array):
        return column
    return column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
