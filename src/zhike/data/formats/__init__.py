"""Readers of raw files: bytes in blocks, physical line numbers, rows as texts; what cannot be a row is refused."""

from collections.abc import Iterator
from pathlib import Path

from zhike.data.formats import delimited, fixed, json_lines, spaced, workbook
from zhike.data.formats.rows import RawRows
from zhike.data.formats.scan import Layout, Position
from zhike.data.source import Delimited, FixedWidth, JsonLines, RawFile, Workbook


def read(path: Path, file: RawFile, layout: Layout, start: Position) -> Iterator[RawRows]:
    """The data rows from ``start`` on, a block at a time, every declared column as text."""
    match file.format:
        case Delimited():
            return delimited.read(path, file.format, layout, start)
        case FixedWidth():
            return fixed.read(path, file.format, layout, start)
        case JsonLines():
            return json_lines.read(path, layout, start)
        case Workbook():
            return workbook.read(path, file.format, layout, start)
        case _:
            return spaced.read(path, file.format, layout, start)
