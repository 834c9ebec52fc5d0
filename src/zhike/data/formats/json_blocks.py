"""A whole block of JSON lines through Arrow, where nothing in it is odd; what is goes line by line instead.

Arrow's parser is stricter than Python's (repeated keys, NaN, unknown keys are errors) but knows no lines. That every
line begins with ``{``, ends with ``}`` and there are as many objects as lines makes each line one object: an object
that went on over a line end would meet a ``{`` where a comma or a brace must stand.
"""

import json
import re
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json

_LOOKED_AT = 200
_OPEN, _CLOSE, _NEWLINE, _RETURN = b"{}\n\r"
# Escapes may write what is no text; a number that Arrow would write otherwise than it stands.
_ODD = re.compile(rb"\\u|:\s*-0[\s,}]")


def texts_of(block: bytes, columns: tuple[str, ...], longest: int) -> pa.Table | None:
    """The block's rows as texts, one for each line; None where it is to be read line by line."""
    lines = _lines(block, longest)
    if lines is None or _ODD.search(block):
        return None
    try:
        block.decode()
        schema = _schema(block, columns)
        table = pa.json.read_json(
            pa.py_buffer(block),
            read_options=pa.json.ReadOptions(block_size=len(block) + 1, use_threads=False),
            parse_options=pa.json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="error"),
        )
    except (ValueError, RecursionError, pa.ArrowException):
        return None
    if table.num_rows != lines:
        return None
    while any(pa.types.is_struct(field.type) for field in table.schema):
        table = table.flatten()
    return pa.table([_text(table, name) for name in columns], names=list(columns))


def _lines(block: bytes, longest: int) -> int | None:
    """How many lines there are, None unless each begins and ends as an object and none is too long."""
    data = np.frombuffer(block if block.endswith(b"\n") else block + b"\n", np.uint8)
    ends = np.flatnonzero(data == _NEWLINE)
    starts = np.concatenate([[0], ends[:-1] + 1])
    last = ends - 1 - (data[np.maximum(ends - 1, 0)] == _RETURN)
    whole = (last > starts) & (data[starts] == _OPEN) & (data[np.maximum(last, 0)] == _CLOSE)
    return len(ends) if whole.all() and (ends - starts).max() <= longest else None


def _schema(block: bytes, columns: tuple[str, ...]) -> pa.Schema:
    """Columns whose first values are numbers are whole numbers, all others texts."""
    numbers: set[str] = set()
    for line in block.split(b"\n", _LOOKED_AT)[:_LOOKED_AT]:
        if line.strip():
            numbers |= _numbers(json.loads(line), "")
    tree: dict[str, Any] = {}
    for path in columns:
        *parents, name = path.split(".")
        place = tree
        for parent in parents:
            place = place.setdefault(parent, {})
        place[name] = pa.int64() if path in numbers else pa.string()
    return pa.schema(_fields(tree))


def _numbers(found: dict[str, Any], prefix: str) -> set[str]:
    paths: set[str] = set()
    for key, value in found.items():
        if type(value) is int:
            paths.add(prefix + key)
        elif type(value) is dict:
            paths |= _numbers(value, prefix + key + ".")
    return paths


def _fields(tree: dict[str, Any]) -> list[pa.Field]:
    return [pa.field(name, pa.struct(_fields(inner)) if type(inner) is dict else inner) for name, inner in tree.items()]


def _text(table: pa.Table, name: str) -> pa.Array:
    column = table.column(name).cast(pa.string())
    return pc.fill_null(column, "")
