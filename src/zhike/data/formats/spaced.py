"""Fields separated by any white space."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from zhike.data.formats.rows import RawRows, Refused, table_of
from zhike.data.formats.scan import Layout, Position, blocks, opened
from zhike.data.source import Spaced


def read(path: Path, form: Spaced, layout: Layout, start: Position) -> Iterator[RawRows]:
    """Blocks of rows from ``start``; a line with another number of fields is refused."""
    at = start
    with opened(path, path.name) as stream:
        for block in blocks(stream, start, layout.end, path.name):
            rows = _parse(block, at, form, layout.columns)
            at = rows.after
            yield rows


def _parse(block: bytes, at: Position, form: Spaced, columns: tuple[str, ...]) -> RawRows:
    lines = block.split(b"\n")
    if not lines[-1]:
        lines.pop()
    records: list[list[str]] = []
    numbers: list[int] = []
    refused: list[Refused] = []
    for number, line in enumerate(lines, at.line):
        text = line.decode(form.encoding, errors="replace")
        fields = text.split()
        if "\0" in text or "\ufffd" in text:
            refused.append(Refused(number, "undecodable", text))
        elif len(fields) == len(columns):
            records.append(fields)
            numbers.append(number)
        elif fields:
            refused.append(Refused(number, "wrong_column_count", text))
    after = Position(at.offset + len(block), at.line + len(lines))
    return RawRows(table_of(columns, records), np.array(numbers, dtype=np.int64), after, refused)
