"""Columns of texts as Arrow arrays, and rows of separated fields made of them."""

import io
from collections.abc import Mapping
from typing import TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import csv

from zhike.sandbox.numbers import Bytes, digits
from zhike.sandbox.record import Record

Column: TypeAlias = pa.Array


def delimited(table: pa.Table, separator: str = ",", encoding: str = "utf-8", quoting: str = "needed") -> bytes:
    """Rows of separated fields, no line of names; texts stand in quotes unless ``quoting`` is none."""
    written = io.BytesIO()
    options = csv.WriteOptions(include_header=False, quoting_style=quoting, delimiter=separator)
    csv.write_csv(table, written, options)
    rows = written.getvalue()
    return rows if encoding == "utf-8" else rows.decode().encode(encoding)


def in_order(record: Record, columns: Mapping[str, Column], upgraded: bool) -> pa.Table:
    """The columns of a layout in the order in which they stand before or after the system upgrade."""
    return pa.table({field.name: columns[field.name] for field in record.in_order(upgraded)})


def prefixes(text: str, count: int) -> Bytes:
    return np.broadcast_to(np.frombuffer(text.encode(), np.uint8), (count, len(text)))


def strings(matrix: Bytes) -> Column:
    """A string column of texts of one length, made without touching the rows one by one."""
    count, width = matrix.shape
    offsets = np.arange(count + 1, dtype=np.int64) * width
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(matrix))]
    return pa.Array.from_buffers(pa.large_string(), count, buffers)


def same(text: str, count: int) -> Column:
    return pa.array([text]).take(pa.array(np.zeros(count, np.int64)))


def days(day: NDArray[np.integer]) -> Column:
    return pa.array(day.astype(np.int32), pa.int32()).cast(pa.date32()).cast(pa.string())


def clock(second: NDArray[np.integer]) -> Column:
    return pa.array(second.astype(np.int32), pa.int32()).cast(pa.time32("s")).cast(pa.string())


def yuan(cents: NDArray[np.integer]) -> Column:
    """Decimals with two places from fen."""
    wide = np.empty((len(cents), 2), np.int64)
    wide[:, 0], wide[:, 1] = cents, cents >> 63
    return pa.Array.from_buffers(pa.decimal128(18, 2), len(cents), [None, pa.py_buffer(wide)])


def numbered(prefix: str, number: NDArray[np.integer], width: int) -> Column:
    """A prefix and so many digits."""
    return strings(np.concatenate([prefixes(prefix, len(number)), digits(number, width)], axis=1))
