"""Fixed widths in bytes: a block becomes a matrix of bytes, a column is a slice of it."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from zhike.data.formats.rows import RawRows, Refused
from zhike.data.formats.scan import Layout, Position, blocks, opened
from zhike.data.source import FixedWidth

Bytes = npt.NDArray[np.uint8]
_NEWLINE, _RETURN = 10, 13


def read(path: Path, form: FixedWidth, layout: Layout, start: Position) -> Iterator[RawRows]:
    """Blocks of rows from ``start``; a line of another length is refused as ``wrong_length``."""
    at = start
    with opened(path, path.name) as stream:
        for block in blocks(stream, start, layout.end, path.name):
            rows = _parse(block, at, form)
            at = rows.after
            yield rows


def _parse(block: bytes, at: Position, form: FixedWidth) -> RawRows:
    data = np.frombuffer(block if block.endswith(b"\n") else block + b"\n", np.uint8)
    ends = np.flatnonzero(data == _NEWLINE)
    taken = np.diff(ends, prepend=-1)
    starts = ends - taken + 1
    lengths = taken - 1 - ((taken > 1) & (data[ends - 1] == _RETURN))
    good = lengths == form.record_bytes
    matrix = _matrix(data, taken, good, form.record_bytes)
    nul = (matrix == 0).any(axis=1)
    table, undecoded = _columns(matrix, form)
    bad = nul | undecoded
    codes = np.where(good, "", "wrong_length").astype(object)
    codes[np.flatnonzero(good)[bad]] = "undecodable"
    refused = [
        Refused(at.line + int(i), str(codes[i]), text.decode(form.encoding, errors="replace"))
        for i in np.flatnonzero(codes != "")
        if (text := block[starts[i] : starts[i] + lengths[i]]).strip()
    ]
    lines = (at.line + np.flatnonzero(codes == "")).astype(np.int64)
    after = Position(at.offset + len(block), at.line + len(ends))
    return RawRows(table.filter(pa.array(~bad)) if bad.any() else table, lines, after, refused)


def _matrix(data: Bytes, taken: npt.NDArray[np.int64], good: npt.NDArray[np.bool_], width: int) -> Bytes:
    """The lines of the right length, below each other, without their line ends."""
    if not good.any():
        return np.empty((0, width), np.uint8)
    kept = data if good.all() else data[np.repeat(good, taken)]
    sizes = taken[good]
    if (sizes == sizes[0]).all():
        return kept.reshape(len(sizes), int(sizes[0]))[:, :width]
    return np.vstack([kept[end - size : end - size + width] for end, size in zip(sizes.cumsum(), sizes, strict=True)])


def _columns(matrix: Bytes, form: FixedWidth) -> tuple[pa.Table, npt.NDArray[np.bool_]]:
    """Columns as texts, and which rows hold bytes that are no text of the encoding."""
    bad = np.zeros(len(matrix), bool)
    arrays = []
    begin = 0
    for width in form.fields.values():
        array, unread = _text(matrix[:, begin : begin + width], form.encoding)
        arrays.append(array)
        bad |= unread
        begin += width
    return pa.table(arrays, names=list(form.fields)), bad


def _text(cells: Bytes, encoding: str) -> tuple[pa.Array, npt.NDArray[np.bool_]]:
    rows, width = cells.shape
    fine = np.zeros(rows, bool)
    flat = np.ascontiguousarray(cells)
    if not (flat & 0x80).any():
        offsets = np.arange(rows + 1, dtype=np.int32) * width
        return pa.StringArray.from_buffers(rows, pa.py_buffer(offsets), pa.py_buffer(flat)), fine
    try:
        # One decoding for the whole column: a line end behind every cell shows where it ends afterwards.
        closed = np.hstack([np.where(flat == _NEWLINE, 0, flat), np.full((rows, 1), _NEWLINE, np.uint8)])
        decoded = closed.tobytes().decode(encoding).encode()
    except UnicodeDecodeError:
        return _cell_by_cell(flat, encoding)
    ends = np.flatnonzero(np.frombuffer(decoded, np.uint8) == _NEWLINE)
    offsets = np.concatenate([[0], ends + 1]).astype(np.int32)
    with_ends = pa.StringArray.from_buffers(rows, pa.py_buffer(offsets), pa.py_buffer(decoded))
    return pc.utf8_rtrim(with_ends, "\n"), fine


def _cell_by_cell(cells: Bytes, encoding: str) -> tuple[pa.Array, npt.NDArray[np.bool_]]:
    texts: list[str] = []
    bad = np.zeros(len(cells), bool)
    for i, cell in enumerate(cells):
        try:
            texts.append(cell.tobytes().decode(encoding))
        except UnicodeDecodeError:
            texts.append("")
            bad[i] = True
    return pa.array(texts, pa.string()), bad
