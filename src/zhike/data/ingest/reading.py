"""Chunks of one kind of file: blocks of large files, many small files together, always bounded."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from zhike.data import formats
from zhike.data.formats.rows import Lines, RawRows, Refused
from zhike.data.formats.scan import Position
from zhike.data.ingest.delivery import Delivered

CHUNK_ROWS = 200_000


@dataclass(frozen=True)
class Mark:
    """Where a chunk ended: which file of the kind, and where in it. ``offset`` -1 is its beginning."""

    file: int = 0
    offset: int = -1
    line: int = 1


@dataclass
class RawChunk:
    """``files`` and ``lines`` say where each row stood, ``files`` by index of the delivery."""

    rows: pa.Table
    files: Lines
    lines: Lines
    refused: list[tuple[int, Refused]]
    after: Mark


@dataclass
class _Pile:
    tables: list[pa.Table] = field(default_factory=list)
    files: list[Lines] = field(default_factory=list)
    lines: list[Lines] = field(default_factory=list)
    refused: list[tuple[int, Refused]] = field(default_factory=list)

    def add(self, index: int, rows: RawRows) -> None:
        self.tables.append(rows.rows)
        self.files.append(np.full(len(rows.lines), index, np.int64))
        self.lines.append(rows.lines)
        self.refused += [(index, line) for line in rows.refused]

    def size(self) -> int:
        return sum(map(len, self.lines)) + len(self.refused)

    def chunk(self, columns: Sequence[str], after: Mark) -> RawChunk:
        rows = pa.concat_tables([table.select(list(columns)) for table in self.tables]).combine_chunks()
        return RawChunk(rows, np.concatenate(self.files), np.concatenate(self.lines), self.refused, after)


def chunks(files: Sequence[Delivered], start: Mark) -> Iterator[RawChunk]:
    """Chunks of files of one kind, in order, from ``start``; the same files give the same chunks."""
    pile = _Pile()
    for at in range(start.file, len(files)):
        one = files[at]
        columns = list(one.kind.columns)
        resumed = at == start.file and start.offset >= 0
        begin = Position(start.offset, start.line) if resumed else one.layout.begin
        for rows in formats.read(one.path, one.kind, one.layout, begin):
            pile.add(one.index, rows)
            if pile.size() >= CHUNK_ROWS:
                yield pile.chunk(columns, Mark(at, rows.after.offset, rows.after.line))
                pile = _Pile()
    if pile.tables:
        yield pile.chunk(list(files[-1].kind.columns), Mark(len(files)))
