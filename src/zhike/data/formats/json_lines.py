"""One JSON object a line: read as texts, flattened along declared paths, refused line by line.

Python's own decoder is lenient where this must not be: it takes the last of two equal keys, NaN, and texts that no
encoding can hold. A block in which nothing is odd goes through Arrow (`json_blocks`); else each line is looked at.
"""

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from zhike.data.formats import json_blocks
from zhike.data.formats.rows import RawRows, Refused, table_of
from zhike.data.formats.scan import LEAVE_OUT, Layout, Position, blocks, opened, unusable
from zhike.data.verification import is_refused

LONGEST_ROW_BYTES = 256 << 10
_KEYS = re.compile(r'"([^"]{1,64})"\s*:')


class _Odd(Exception):
    """A line is no row, for the reason given."""


def read(path: Path, layout: Layout, start: Position) -> Iterator[RawRows]:
    """Blocks of rows from ``start``; BadInput for the whole file where a key names verification values."""
    at = start
    with opened(path, path.name) as stream:
        for block in blocks(stream, start, layout.end, path.name):
            rows = _parse(block, at, layout.columns, path.name)
            at = rows.after
            yield rows


def _parse(block: bytes, at: Position, columns: tuple[str, ...], name: str) -> RawRows:
    table = json_blocks.texts_of(block, columns, LONGEST_ROW_BYTES)
    if table is not None:
        end = at.line + table.num_rows
        return RawRows(table, np.arange(at.line, end, dtype=np.int64), Position(at.offset + len(block), end))
    return _line_by_line(block, at, columns, name)


def _line_by_line(block: bytes, at: Position, columns: tuple[str, ...], name: str) -> RawRows:
    lines = block.split(b"\n")
    if not lines[-1]:
        lines.pop()
    objects: list[dict[str, Any]] = []
    numbers: list[int] = []
    refused: list[Refused] = []
    for number, line in enumerate(lines, at.line):
        if not line.strip():
            continue
        try:
            found = _object(line, columns, name)
        except _Odd as odd:
            refused.append(_refused(number, str(odd), line, name))
        else:
            objects.append(found)
            numbers.append(number)
    after = Position(at.offset + len(block), at.line + len(lines))
    table, fine = _texts(objects, columns)
    for place in np.flatnonzero(~fine):
        refused.append(_refused(numbers[place], "undecodable", lines[numbers[place] - at.line], name))
    refused.sort(key=lambda one: one.line)
    return RawRows(table, np.array(numbers, np.int64)[fine], after, refused)


def _object(line: bytes, columns: tuple[str, ...], name: str) -> dict[str, Any]:
    """The values of a line by path, texts or None; raises _Odd."""
    if len(line) > LONGEST_ROW_BYTES:
        raise _Odd("too_long")
    try:
        text = line.decode()
        found: Any = _DECODER.decode(text)
    except UnicodeDecodeError:
        raise _Odd("undecodable") from None
    except RecursionError:
        raise _Odd("too_deep") from None
    except ValueError:
        raise _Odd("not_json") from None
    if type(found) is not dict:
        raise _Odd("not_json")
    known, parents = _paths(columns)
    if parents or not (found.keys() <= known and all(type(value) is str for value in found.values())):
        return _flattened(found, "", known, parents, name)
    return dict(found)


def _flattened(
    found: dict[str, Any], prefix: str, known: frozenset[str], parents: frozenset[str], name: str
) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in found.items():
        path = prefix + key
        _leave_out(key, name)
        if "." in key or (path not in known and path not in parents):
            raise _Odd("unknown_field")
        if type(value) is dict and path in parents:
            flat |= _flattened(value, path + ".", known, parents, name)
        elif type(value) in (dict, list):
            raise _Odd("too_deep")
        elif path in known:
            flat[path] = ("true" if value else "false") if type(value) is bool else value
        elif value is not None:
            raise _Odd("unknown_field")
    return flat


def _refused(number: int, code: str, line: bytes, name: str) -> Refused:
    text = line.removesuffix(b"\r").decode(errors="replace")
    for key in _KEYS.findall(text):
        _leave_out(key, name)
    return Refused(number, code, text)


def _leave_out(key: str, name: str) -> None:
    if _verifies(key):
        raise unusable(name, f"holds verification values in {key[:40]!r}. {LEAVE_OUT}")


def _texts(objects: list[dict[str, Any]], columns: tuple[str, ...]) -> tuple[pa.Table, npt.NDArray[np.bool_]]:
    """The columns, and which objects hold only texts that can be written down; the others are left out."""
    fine = np.ones(len(objects), bool)
    rows = [[found.get(path) or "" for path in columns] for found in objects]
    try:
        table = table_of(columns, rows)
        odd = any("\0" in text for row in rows for text in row)
    except UnicodeEncodeError:
        odd = True
    if odd:
        fine = np.array([_writable(row) for row in rows], bool)
        table = table_of(columns, [row for row, good in zip(rows, fine, strict=True) if good])
    return table, fine


def _writable(row: list[str]) -> bool:
    try:
        return b"\0" not in "".join(row).encode()
    except UnicodeEncodeError:
        return False


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Odd("repeated_field")
    return found


def _no_number(_text: str) -> None:
    raise _Odd("not_json")


# Numbers stay as they are written.
_DECODER = json.JSONDecoder(object_pairs_hook=_once, parse_float=str, parse_int=str, parse_constant=_no_number)


@lru_cache(maxsize=64)
def _paths(columns: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str]]:
    """The declared paths, and those of the objects around them."""
    parents = {path[:at] for path in columns for at, sign in enumerate(path) if sign == "."}
    return frozenset(columns), frozenset(parents)


_verifies = lru_cache(maxsize=4096)(is_refused)
