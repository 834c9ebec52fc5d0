"""What a reader gives: a block of rows as texts, and the lines that could not be rows."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from zhike.data.formats.scan import Position

Lines = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Refused:
    """A line that is no row: its number, a reason of `zhike.data.quarantine`, and its text, unmasked."""

    line: int
    code: str
    text: str


@dataclass(frozen=True)
class RawRows:
    """``rows``: raw columns as strings · ``lines``: the first physical line of each · ``after``: where to read on."""

    rows: pa.Table
    lines: Lines
    after: Position
    refused: list[Refused] = field(default_factory=list)


def table_of(columns: tuple[str, ...], records: list[list[str]]) -> pa.Table:
    """Rows of equal length -> a table of strings."""
    by_column = zip(*records, strict=True) if records else ([] for _ in columns)
    return pa.table([pa.array(list(values), pa.string()) for values in by_column], names=list(columns))
