"""Snapshots: a manifest over immutable Parquet files; publishing one is one rename.

``snapshots/<id>.json`` names every file of every table; the id is the hash of that content, so the same facts
have the same id, whoever made them and however often they were interrupted. Files are named by their content and
shared between snapshots. ``CURRENT`` holds the id of the newest one.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from zhike.core.errors import Invariant, NotFound
from zhike.core.failpoint import failpoint
from zhike.core.ids import lettered
from zhike.core.text import Text
from zhike.core.workspace import Workspace, put, sync_folder, write_atomically

_ROW_GROUP_ROWS = 122_880


@dataclass(frozen=True)
class FactFile:
    """One immutable Parquet file; ``path`` is relative to the workspace's ``facts`` folder."""

    path: str
    rows: int
    bytes: int
    sha256: str
    partition: str


@dataclass(frozen=True)
class Manifest:
    """What a snapshot holds.

    ``tables``: files by table · ``columns``: Arrow type by column, by table · ``batches``: the source files loaded,
    by content hash, with their counts · ``sources``: what a source declares that decisions must show ·
    ``steps``: what derived tables (view, decision) were made from: as-of date, input hash, code version.
    """

    tables: Mapping[str, tuple[FactFile, ...]] = field(default_factory=dict)
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    batches: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    sources: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    steps: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @cached_property
    def id(self) -> str:
        return lettered(hashlib.sha256(self.to_json()).hexdigest()[:16])

    def to_json(self) -> bytes:
        return json.dumps(asdict(self), sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()

    @staticmethod
    def from_json(content: bytes) -> "Manifest":
        raw = json.loads(content)
        raw["tables"] = {name: tuple(FactFile(**file) for file in files) for name, files in raw["tables"].items()}
        return Manifest(**raw)

    def rows(self, table: str) -> int:
        return sum(file.rows for file in self.tables.get(table, ()))

    def with_table(self, table: str, files: Iterable[FactFile], schema: pa.Schema) -> "Manifest":
        """The same snapshot with these files as the whole of ``table``."""
        ordered = tuple(sorted(files, key=lambda file: (file.partition, file.path)))
        columns = {name: str(kind) for name, kind in zip(schema.names, schema.types, strict=True)}
        return replace(self, tables={**self.tables, table: ordered}, columns={**self.columns, table: columns})

    def content_hash(self, tables: Iterable[str]) -> str:
        """Identifies the content of some tables: what a derived table was made from."""
        names = sorted((table, file.sha256) for table in tables for file in self.tables.get(table, ()))
        return hashlib.sha256(json.dumps(names).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class SnapshotStore:
    """Reads and writes the snapshots of a workspace; writers hold ``workspace.writer()``."""

    workspace: Workspace

    def current_id(self) -> str | None:
        return self.workspace.current.read_text().strip() if self.workspace.current.exists() else None

    def current(self) -> Manifest:
        """The newest snapshot; an empty one before the first load."""
        current = self.current_id()
        return self.load(current) if current else Manifest()

    def load(self, snapshot_id: str) -> Manifest:
        """A snapshot by id; NotFound when it never was or is collected, Invariant when its content changed."""
        path = self.workspace.snapshots / f"{snapshot_id}.json"
        if not path.exists():
            raise NotFound(
                Text(
                    f"{self.workspace.snapshots} 中没有快照 {snapshot_id}：已清理，或从未生成。",
                    f"Snapshot {snapshot_id} is not in {self.workspace.snapshots}: removed, or never made.",
                )
            )
        manifest = Manifest.from_json(path.read_bytes())
        if manifest.id != lettered(snapshot_id):  # the first version named them in hexadecimal
            raise Invariant(f"{path} does not match its name: the manifest was changed. Restore it from a backup.")
        return manifest

    def path(self, file: FactFile) -> Path:
        return self.workspace.facts / file.path

    def paths(self, manifest: Manifest, table: str) -> list[Path]:
        return [self.path(file) for file in manifest.tables.get(table, ())]

    def add(self, table: str, partition: str, rows: pa.RecordBatchReader | pa.Table) -> FactFile:
        """Writes one immutable file, rows in the order given; equal content gives the same file."""
        folder = self.workspace.facts / table
        if not folder.exists():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            sync_folder(folder.parent)
        temporary = folder / f".{partition or 'all'}.{os.getpid()}.parquet"
        count = _write(temporary, rows)
        digest = _sha256(temporary)
        stem = lettered(digest[:20])
        name = f"{partition}-{stem}.parquet" if partition else f"{stem}.parquet"
        put(temporary, folder / name)
        path = f"{table}/{name}"
        return FactFile(path, count, (folder / name).stat().st_size, digest, partition)

    def publish(self, manifest: Manifest, step: str) -> str:
        """Makes ``manifest`` the current snapshot. ``step`` names the failpoint ``<step>.manifest_written``."""
        write_atomically(self.workspace.snapshots / f"{manifest.id}.json", manifest.to_json())
        failpoint(f"{step}.manifest_written")
        write_atomically(self.workspace.current, manifest.id.encode())
        return manifest.id

    def damaged(self, manifest: Manifest, *, deep: bool) -> list[str]:
        """Paths that are missing, of another size or, if ``deep``, of another hash."""
        return [file.path for files in manifest.tables.values() for file in files if not self._intact(file, deep)]

    def _intact(self, file: FactFile, deep: bool) -> bool:
        path = self.path(file)
        if not path.exists() or path.stat().st_size != file.bytes:
            return False
        return not deep or _sha256(path) == file.sha256


def _write(path: Path, rows: pa.RecordBatchReader | pa.Table) -> int:
    reader = rows.to_reader() if isinstance(rows, pa.Table) else rows
    count = 0
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    # Read often, written once: lz4 and plain numbers read a third faster than zstd, for half as much disk again.
    texts = [column.name for column in reader.schema if pa.types.is_string(column.type)]
    options = {"compression": "lz4", "use_dictionary": texts or False}
    with os.fdopen(descriptor, "wb") as sink, pq.ParquetWriter(sink, reader.schema, **options) as writer:
        for batch in _row_groups(reader):
            writer.write_table(batch, row_group_size=_ROW_GROUP_ROWS)
            count += batch.num_rows
    with open(path, "rb") as written:
        os.fsync(written.fileno())
    return count


def _row_groups(reader: pa.RecordBatchReader) -> Iterable[pa.Table]:
    """Whole row groups whatever the batch sizes, so that equal rows give equal bytes."""
    waiting: list[pa.RecordBatch] = []
    held = 0
    for batch in reader:
        waiting.append(batch)
        held += batch.num_rows
        if held >= _ROW_GROUP_ROWS:
            table = pa.Table.from_batches(waiting, reader.schema)
            whole = held - held % _ROW_GROUP_ROWS
            yield table.slice(0, whole)
            waiting, held = table.slice(whole).to_batches(), held - whole
    if held:
        yield pa.Table.from_batches(waiting, reader.schema).combine_chunks()


def _sha256(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
