"""Separated fields: whole blocks through Arrow where nothing is odd, line by line where something is.

A row may span lines inside quotes. A stray quote must not swallow the rest of a file: where no row of the right
number of fields comes of the lines that follow, only the line with the quote is refused and reading goes on behind it.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv

from zhike.data.formats.rows import Lines, RawRows, Refused, table_of
from zhike.data.formats.scan import Layout, Position, blocks, opened
from zhike.data.source import Delimited

_LONGEST_ROW_LINES = 64
_NEWLINE, _RETURN = 10, 13
_NONE = np.empty(0, np.int64)


def read(path: Path, form: Delimited, layout: Layout, start: Position) -> Iterator[RawRows]:
    """Blocks of rows from ``start``."""
    at, carried = start, b""
    with opened(path, path.name) as stream:
        for fresh in blocks(stream, start, layout.end, path.name):
            block = carried + fresh
            last = at.offset + len(block) >= layout.end
            rows, rest = _parse(block, at, form, layout.columns, last)
            at, carried = rows.after, rest
            yield rows


def _parse(block: bytes, at: Position, form: Delimited, columns: tuple[str, ...], last: bool) -> tuple[RawRows, bytes]:
    lines = block.count(b"\n") + (not block.endswith(b"\n"))
    quoted = bool(form.quote) and form.quote.encode() in block
    after = Position(at.offset + len(block), at.line + lines)
    if not _odd_lines(block):
        odd = _odd_quotes(block, form) if quoted else _NONE
        if odd is not None and len(odd):
            rows = _beside_odd(block, odd, at, after, form, columns)
            if rows is not None:
                return rows, b""
        elif odd is not None:
            table = _arrow(block, form, columns)
            if table is not None and table.num_rows == lines:
                return RawRows(table, np.arange(at.line, after.line, dtype=np.int64), after), b""
            if not quoted and len(form.separator) == 1:
                return _sorted_out(block, at, after, form, columns), b""
    return _careful(block, at, form, columns, last)


def _odd_lines(block: bytes) -> bool:
    """Whether Arrow would see other lines: it makes a row of an empty one, and ends one at any CR."""
    empty = block.startswith((b"\n", b"\r\n")) or b"\n\n" in block or b"\n\r\n" in block
    return empty or b"\0" in block or block.count(b"\r") != block.count(b"\r\n")


def _odd_quotes(block: bytes, form: Delimited) -> Lines | None:
    """Lines, counted from 0, with a quote anywhere but around a whole field: there Arrow and the csv rules may differ.

    None where a line holds an odd number of quotes: a field may go on in the next line, so no line stands for itself.
    """
    if len(form.separator) > 1 or len(form.quote.encode()) > 1:
        return None
    separator = ord(form.separator)
    data = np.frombuffer(b"\n" + (block if block.endswith(b"\n") else block + b"\n"), np.uint8)
    quotes = np.flatnonzero(data == ord(form.quote))
    lines = np.searchsorted(np.flatnonzero(data[1:] == _NEWLINE) + 1, quotes)
    if (np.bincount(lines) % 2).any():
        return None
    before, behind = data[quotes - 1], data[quotes + 1]
    opening = (before == separator) | (before == _NEWLINE)
    closing = (behind == separator) | (behind == _NEWLINE)
    closing |= (behind == _RETURN) & (data[np.minimum(quotes + 2, len(data) - 1)] == _NEWLINE)
    # With an even number in every line, the first of a line opens, the second closes, and so on.
    opens = np.arange(len(quotes)) % 2 == 0
    regular = np.where(opens, opening & ~closing, closing & ~opening)
    return np.unique(lines[~regular]).astype(np.int64)


def _beside_odd(
    block: bytes, odd: Lines, at: Position, after: Position, form: Delimited, columns: tuple[str, ...]
) -> RawRows | None:
    """A block in which every line stands for itself: the odd ones one by one, the others through Arrow."""
    data = np.frombuffer(block if block.endswith(b"\n") else block + b"\n", np.uint8)
    ends = np.flatnonzero(data == _NEWLINE)
    lengths = np.diff(ends, prepend=-1)
    good = np.ones(len(ends), bool)
    good[odd] = False
    table = _arrow(data[np.repeat(good, lengths)].tobytes(), form, columns) if good.any() else None
    if table is None or table.num_rows != good.sum():
        return None
    records, numbers, refused = list[list[str]](), list[int](), list[Refused]()
    for i in odd.tolist():
        line = block[ends[i] - lengths[i] + 1 : ends[i]]
        record = _split(line, form, len(columns))
        if record is None:
            refused.append(_refused(line, at.line + i, form))
        else:
            records.append(record)
            numbers.append(at.line + i)
    lines = np.concatenate([at.line + np.flatnonzero(good), _numbers(numbers)]).astype(np.int64)
    rows = pa.concat_tables([table, table_of(columns, records)])
    order = np.argsort(lines, kind="stable")
    return RawRows(rows.take(pa.array(order)), lines[order], after, refused)


def _arrow(block: bytes, form: Delimited, columns: tuple[str, ...]) -> pa.Table | None:
    """The block as texts, or None where it is not all rows of these columns in this encoding."""
    try:
        if form.encoding.lower() not in ("utf-8", "utf8"):
            block = block.decode(form.encoding).encode()
        table = pa.csv.read_csv(
            pa.py_buffer(block),
            pa.csv.ReadOptions(column_names=list(columns)),
            pa.csv.ParseOptions(
                delimiter=form.separator, quote_char=form.quote or False, ignore_empty_lines=False,
            ),
            pa.csv.ConvertOptions(
                column_types=dict.fromkeys(columns, pa.string()), strings_can_be_null=False,
                quoted_strings_can_be_null=False,
            ),
        )  # fmt: skip
    except (pa.ArrowInvalid, UnicodeDecodeError):
        return None
    return table


def _sorted_out(block: bytes, at: Position, after: Position, form: Delimited, columns: tuple[str, ...]) -> RawRows:
    """A block without quotes: lines with the right number of separators go through Arrow, only the others do not."""
    data = np.frombuffer(block if block.endswith(b"\n") else block + b"\n", np.uint8)
    ends = np.flatnonzero(data == ord("\n"))
    lengths = np.diff(ends, prepend=-1)
    separators = np.add.reduceat((data == ord(form.separator)).astype(np.int32), ends - lengths + 1)
    empty = (lengths == 1) | ((lengths == 2) & (data[ends - 1] == ord("\r")))
    good = (separators == len(columns) - 1) & ~empty
    table = _arrow(data[np.repeat(good, lengths)].tobytes(), form, columns) if good.any() else None
    if table is None or table.num_rows != good.sum():
        return _careful(block, at, form, columns, True)[0]
    numbers = at.line + np.flatnonzero(good)
    refused = []
    for i in np.flatnonzero(~good):
        text = block[ends[i] - lengths[i] + 1 : ends[i]]
        if text.strip():
            refused.append(_refused(text, at.line + int(i), form))
    return RawRows(table, numbers.astype(np.int64), after, refused)


def _careful(
    block: bytes, at: Position, form: Delimited, columns: tuple[str, ...], last: bool
) -> tuple[RawRows, bytes]:
    """Line by line; the second result is an unfinished row that the next block may complete."""
    lines = block.split(b"\n")
    if not lines[-1]:
        lines.pop()
    records: list[list[str]] = []
    numbers: list[int] = []
    refused: list[Refused] = []
    i = 0
    while i < len(lines):
        if lines[i] in (b"", b"\r"):
            i += 1
            continue
        if not last and i + _LONGEST_ROW_LINES > len(lines) and _open_quote(lines[i], form):
            break
        record, used = _row(lines, i, form, len(columns))
        if record is not None:
            records.append(record)
            numbers.append(at.line + i)
        elif lines[i].strip():
            refused.append(_refused(lines[i], at.line + i, form))
        i += used
    rest = b"\n".join(lines[i:]) + b"\n" if i < len(lines) else b""
    after = Position(at.offset + len(block) - len(rest), at.line + i)
    return RawRows(table_of(columns, records), _numbers(numbers), after, refused), rest


def _row(lines: list[bytes], first: int, form: Delimited, width: int) -> tuple[list[str] | None, int]:
    """The row that begins at a line, and how many lines it takes; None when none does."""
    if not _open_quote(lines[first], form):
        return _split(lines[first], form, width), 1
    for used in range(2, min(_LONGEST_ROW_LINES, len(lines) - first) + 1):
        if _open_quote(lines[first + used - 1], form):
            record = _split(b"\n".join(lines[first : first + used]), form, width)
            if record is not None:
                return record, used
    return None, 1


def _open_quote(line: bytes, form: Delimited) -> bool:
    return bool(form.quote) and line.count(form.quote.encode()) % 2 == 1


def _split(line: bytes, form: Delimited, width: int) -> list[str] | None:
    try:
        text = line.removesuffix(b"\r").decode(form.encoding)
        if not form.quote or form.quote not in text:
            fields = text.split(form.separator)
        else:
            parsed = list(csv.reader([text], delimiter=form.separator, quotechar=form.quote, strict=True))
            fields = parsed[0] if len(parsed) == 1 else []
    except (csv.Error, UnicodeDecodeError):
        return None
    return fields if len(fields) == width and "\0" not in text else None


def _refused(line: bytes, number: int, form: Delimited) -> Refused:
    text = line.removesuffix(b"\r").decode(form.encoding, errors="replace")
    if "\0" in text or "\ufffd" in text:
        return Refused(number, "undecodable", text)
    return Refused(number, "bad_quotes" if form.quote and form.quote in text else "wrong_column_count", text)


def _numbers(numbers: list[int]) -> Lines:
    return np.array(numbers, dtype=np.int64)
