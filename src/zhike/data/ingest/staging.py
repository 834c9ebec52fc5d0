"""Chunks that are done, kept until the load is: a load that was killed goes on behind the last of them.

A chunk is a few Arrow files (canonical rows, pseudonymous; the events of a month in order of their owner, a record
batch for every few thousand), its personal fields under a key of their own, and at last a small record; without its
record a chunk does not count.
"""

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from zhike.core.workspace import Workspace, write_atomically
from zhike.data.ingest.outcome import Outcome
from zhike.data.ingest.reading import Mark
from zhike.data.schema import Table
from zhike.data.tables import TABLES

_NONCE_BYTES = 12
# Few enough that a range of owners is taken out of a chunk without reading much beside it.
PART_ROWS = 16_384
# By what rows of a month are laid together: the first that every row of the table has.
_OWNERS = ("account_id", "party_id", "card_id")


class Part(NamedTuple):
    """A record batch: its partition, its rows, and of an event the least and greatest owner in it."""

    partition: str
    rows: int
    first: Any = None
    last: Any = None

    def meets(self, first: Any, after: Any) -> bool:
        """Whether it may hold owners from ``first`` up to ``after`` (exclusive); None is no bound."""
        return (first is None or self.last >= first) and (after is None or self.first < after)


def owner(table: Table) -> str:
    """The column by which the rows of an event table are laid together."""
    return next(name for name in _OWNERS if name in table.names and table.column(name).required)


@dataclass(frozen=True)
class Record:
    """A finished chunk. ``tables``: of each table the record batches, in their order."""

    number: int
    kind: str
    after: Mark
    tables: dict[str, list[Part]]
    rows_in: dict[int, int]
    totals: dict[int, int]
    unsummed: dict[int, tuple[int, int]]
    personal_rows: int

    @staticmethod
    def read(path: Path) -> "Record":
        raw = json.loads(path.read_bytes())
        raw["after"] = Mark(**raw["after"])
        raw["tables"] = {name: [Part(*part) for part in parts] for name, parts in raw["tables"].items()}
        for counts in ("rows_in", "totals"):
            raw[counts] = {int(index): number for index, number in raw[counts].items()}
        raw["unsummed"] = {int(index): (rows, line) for index, (rows, line) in raw["unsummed"].items()}
        return Record(**raw)


class Staging:
    """The staging area of one load."""

    def __init__(self, workspace: Workspace, load_id: str) -> None:
        self.folder = workspace.staging / load_id
        self._load_id = load_id
        self._workspace = workspace

    def open(self) -> list[Record]:
        """The chunks finished so far; what other, given-up loads left is removed."""
        for other in self.folder.parent.iterdir():
            if other.is_dir() and other != self.folder:
                shutil.rmtree(other)
        self.folder.mkdir(mode=0o700, exist_ok=True)
        return [Record.read(path) for path in sorted(self.folder.glob("*.json"))]

    def clear(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def write(self, number: int, kind: str, after: Mark, outcome: Outcome) -> Record:
        """Stages one chunk, its record last."""
        tables = {}
        for name, rows in outcome.tables.items():
            tables[name] = _write_partitions(self._path(number, name), rows, name)
        if outcome.personal.num_rows:
            self._write_personal(number, outcome.personal)
        counted = (outcome.rows_in, outcome.totals, outcome.unsummed)
        record = Record(number, kind, after, tables, *counted, outcome.personal.num_rows)
        write_atomically(self.folder / f"{number:06d}.json", json.dumps(asdict(record)).encode())
        return record

    def rows(
        self,
        record: Record,
        table: str,
        partitions: Sequence[str] | None = None,
        columns: Sequence[str] | None = None,
        owners: tuple[Any, Any] = (None, None),
    ) -> Iterator[pa.RecordBatch]:
        """Staged rows of a table: of some partitions or all, all columns or some (in the order of the table).

        ``owners``: only rows of owners from the first up to the second (exclusive); None is no bound.
        """
        wanted = [
            (at, part)
            for at, part in enumerate(record.tables.get(table, []))
            if (partitions is None or part.partition in partitions) and part.meets(*owners)
        ]
        if not wanted:
            return
        by = owner(TABLES[table]) if owners != (None, None) else ""
        with pa.memory_map(str(self._path(record.number, table))) as file:
            names = pa.ipc.open_file(file).schema.names
            asked = [at for at, name in enumerate(names) if columns is None or name in columns]
            reader = pa.ipc.open_file(file, options=pa.ipc.IpcReadOptions(included_fields=asked))
            for at, part in wanted:
                yield _between(reader.get_batch(at), part, by, *owners)

    def personal(self, record: Record) -> pa.Table | None:
        """The personal fields of a chunk, in clear."""
        if not record.personal_rows:
            return None
        sealed = (self.folder / f"{record.number:06d}.sealed").read_bytes()
        clear = self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], self._name(record.number))
        return pa.ipc.open_stream(clear).read_all()

    def _write_personal(self, number: int, fields: pa.Table) -> None:
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, fields.schema) as writer:
            writer.write_table(fields)
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, sink.getvalue().to_pybytes(), self._name(number))
        write_atomically(self.folder / f"{number:06d}.sealed", nonce + sealed)

    @cached_property
    def _cipher(self) -> AESGCM:
        return AESGCM(self._workspace.secret("staging"))

    def _name(self, number: int) -> bytes:
        return f"{self._load_id}/{number}".encode()

    def _path(self, number: int, table: str) -> Path:
        return self.folder / f"{number:06d}.{table}.arrow"


def _write_partitions(path: Path, rows: pa.Table, table: str) -> list[Part]:
    """Writes rows by month of ``business_date`` and owner; a dimension is one partition without a name."""
    ordered, parts = rows, [Part("", rows.num_rows)]
    if table in TABLES and TABLES[table].shape == "event":
        ordered, parts = _by_month_and_owner(rows, owner(TABLES[table]))
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as sink:
        with pa.ipc.new_file(sink, ordered.schema, options=options) as writer:
            begin = 0
            for part in parts:
                (batch,) = ordered.slice(begin, part.rows).combine_chunks().to_batches()
                writer.write_batch(batch)
                begin += part.rows
        sink.flush()
        os.fsync(sink.fileno())
    return parts


def _by_month_and_owner(rows: pa.Table, by: str) -> tuple[pa.Table, list[Part]]:
    days = rows["business_date"].combine_chunks()
    months = np.asarray(pc.year(days)) * 100 + np.asarray(pc.month(days))
    order = pc.sort_indices(
        pa.table({"month": months, "owner": rows[by]}), [("month", "ascending"), ("owner", "ascending")]
    )
    ordered, owners = rows.take(order), rows[by].take(order)
    parts, begin = [], 0
    for month, size in zip(*np.unique(months, return_counts=True), strict=True):
        end = begin + int(size)
        while begin < end:
            after = min(begin + PART_ROWS, end)
            name = f"{month // 100:04d}-{month % 100:02d}"
            parts.append(Part(name, after - begin, owners[begin].as_py(), owners[after - 1].as_py()))
            begin = after
    return ordered, parts


def _between(batch: pa.RecordBatch, part: Part, by: str, first: Any, after: Any) -> pa.RecordBatch:
    """Rows of a part with ``first`` <= owner < ``after``; None is no bound."""
    if first is not None and part.first < first:
        batch = batch.filter(pc.greater_equal(batch[by], first))
    if after is not None and part.last >= after:
        batch = batch.filter(pc.less(batch[by], after))
    return batch
