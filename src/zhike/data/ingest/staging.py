"""Chunks that are done, kept until the load is: a load that was killed goes on behind the last of them.

A chunk is a few Arrow files (canonical rows, pseudonymous; one record batch for each month), its personal fields
under a key of their own, and at last a small record; without its record a chunk does not count.
"""

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from zhike.core.workspace import Workspace, write_atomically
from zhike.data.ingest.outcome import Outcome
from zhike.data.ingest.reading import Mark
from zhike.data.tables import TABLES

_NONCE_BYTES = 12


@dataclass(frozen=True)
class Record:
    """A finished chunk. ``tables``: of each table the partitions, one record batch each, with their rows."""

    number: int
    kind: str
    after: Mark
    tables: dict[str, list[tuple[str, int]]]
    rows_in: dict[int, int]
    totals: dict[int, int]
    unsummed: dict[int, tuple[int, int]]
    personal_rows: int

    @staticmethod
    def read(path: Path) -> "Record":
        raw = json.loads(path.read_bytes())
        raw["after"] = Mark(**raw["after"])
        raw["tables"] = {name: [(part, rows) for part, rows in parts] for name, parts in raw["tables"].items()}
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
        self, record: Record, table: str, partitions: Sequence[str] | None = None, columns: Sequence[str] | None = None
    ) -> Iterator[pa.RecordBatch]:
        """Staged rows of a table, of some partitions or all, all columns or some (in the order of the table)."""
        parts = record.tables.get(table, [])
        if not any(partitions is None or name in partitions for name, _ in parts):
            return
        with pa.memory_map(str(self._path(record.number, table))) as file:
            names = pa.ipc.open_file(file).schema.names
            wanted = [at for at, name in enumerate(names) if columns is None or name in columns]
            reader = pa.ipc.open_file(file, options=pa.ipc.IpcReadOptions(included_fields=wanted))
            for at, (name, _) in enumerate(parts):
                if partitions is None or name in partitions:
                    yield reader.get_batch(at)

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


def _write_partitions(path: Path, rows: pa.Table, table: str) -> list[tuple[str, int]]:
    """Writes rows by month of ``business_date``; a dimension is one partition without a name."""
    ordered, names, counts = rows, [""], [rows.num_rows]
    if table in TABLES and TABLES[table].shape == "event":
        days = rows["business_date"].combine_chunks()
        months = np.asarray(pc.year(days)) * 100 + np.asarray(pc.month(days))
        found, sizes = np.unique(months, return_counts=True)
        ordered = rows.take(pa.array(np.argsort(months, kind="stable"))) if len(found) > 1 else rows
        names, counts = [f"{month // 100:04d}-{month % 100:02d}" for month in found], sizes.tolist()
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as sink:
        with pa.ipc.new_file(sink, ordered.schema, options=options) as writer:
            begin = 0
            for count in counts:
                (batch,) = ordered.slice(begin, count).combine_chunks().to_batches()
                writer.write_batch(batch)
                begin += count
        sink.flush()
        os.fsync(sink.fileno())
    return list(zip(names, counts, strict=True))
