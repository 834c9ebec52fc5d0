"""Writing fixed-width files: columns become a matrix of bytes, and the matrix becomes lines."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache

import numpy as np
from numpy.typing import NDArray

from zhike.core.errors import Invariant
from zhike.sandbox import calendar
from zhike.sandbox.numbers import digits
from zhike.sandbox.parts import Sink
from zhike.sandbox.record import Field, Record

Bytes = NDArray[np.uint8]
Column = NDArray[np.integer] | Bytes | str
_SPACE, _PLUS, _MINUS, _LINE_END = b" +-\n"
_FIRST_YEAR, _LAST_YEAR = 1930, 2050


class Coded:
    """A column of a few distinct texts: their positions in a list that is encoded once."""

    def __init__(self, matrix: Bytes, index: NDArray[np.integer]) -> None:
        self.matrix, self.index = matrix, index

    def __len__(self) -> int:
        return len(self.index)


def encoded(texts: Sequence[str], width: int) -> Bytes:
    """Texts as rows of ``width`` bytes in GB18030, cut at a character's end, padded with spaces."""
    rows = np.full((len(texts), width), _SPACE, np.uint8)
    for row, text in zip(rows, texts, strict=True):
        raw = text.encode("gb18030")
        while len(raw) > width:
            text = text[:-1]  # noqa: PLW2901  # a character may take one, two or four bytes
            raw = text.encode("gb18030")
        row[: len(raw)] = np.frombuffer(raw, np.uint8)
    return rows


def put(
    sink: Sink, record: Record, count: int, columns: Mapping[str, Column | Coded],
    spoil: Callable[[Bytes], None] | None = None,
) -> None:  # fmt: skip
    """Puts ``count`` rows into ``sink``; a str stands for the same text in each. ``spoil`` may change the lines.

    The total is the sum of the field that the layout names, whatever becomes of its line.
    """
    lines = rows_of(record, count, columns)
    if spoil is not None:
        spoil(lines)
    total = int(np.asarray(columns[record.total]).sum()) if record.total else 0
    sink.put(record, memoryview(lines.reshape(-1)), count, total)


def rows_of(record: Record, count: int, columns: Mapping[str, Column | Coded]) -> Bytes:
    """The lines, line ends included, as a matrix of bytes (count, width + 1)."""
    if set(columns) != {field.name for field in record.fields}:
        odd = set(columns) ^ {field.name for field in record.fields}
        raise Invariant(f"{record.file}: columns differ from the layout: {odd}")
    lines = np.empty((count, record.width + 1), np.uint8)
    lines[:, -1] = _LINE_END
    for field in record.fields:
        lines[:, field.start : field.start + field.width] = _encode(field, columns[field.name])
    return lines


def _encode(field: Field, column: Column | Coded) -> Bytes:
    if isinstance(column, Coded):
        return column.matrix[column.index]
    if isinstance(column, str):
        return _constant(column, field.width)
    if column.ndim == 2:
        return column
    match field.kind:
        case "cents":
            written = np.empty((len(column), field.width), np.uint8)
            written[:, 0] = np.where(column < 0, _MINUS, _PLUS)
            written[:, 1:] = digits(np.abs(column), field.width - 1)
        case "date":
            written = dates()[date_position(column)]
        case "time":
            written = _times()[column]
        case _:
            written = digits(column, field.width)
    return written


@cache
def _constant(text: str, width: int) -> Bytes:
    return encoded([text], width)[0]


@cache
def dates() -> Bytes:
    """YYYYMMDD of every day of the range, row 0 blank."""
    start, end = np.datetime64(f"{_FIRST_YEAR}-01-01"), np.datetime64(f"{_LAST_YEAR}-01-01")
    days = np.arange(start, end)
    year = days.astype("datetime64[Y]").astype(int) + 1970
    month = days.astype("datetime64[M]").astype(int) % 12 + 1
    number = year * 10_000 + month * 100 + (days - days.astype("datetime64[M]")).astype(int) + 1
    return np.concatenate([np.full((1, 8), _SPACE, np.uint8), digits(number, 8)])


def date_position(day: NDArray[np.integer]) -> NDArray[np.int64]:
    first = calendar.number(date(_FIRST_YEAR, 1, 1))
    return np.where(day == calendar.NEVER, 0, day.astype(np.int64) - first + 1)


@cache
def _times() -> Bytes:
    second = np.arange(86_400)
    return digits(second // 3600 * 10_000 + second // 60 % 60 * 100 + second % 60, 6)
