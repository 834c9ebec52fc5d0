"""Columns with few distinct values: each distinct text is read once, in plain Python, and remembered.

Dates, codes and account numbers repeat; reading 200,000 rows of them is reading a few thousand texts.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from zhike.core import ids
from zhike.data.columns import CardNumber, Code, Day, Identity, Party, RawColumn, Surrogate
from zhike.data.ingest.written import day_reader

FINE, MISSING, UNREADABLE = 0, 1, 2
State = npt.NDArray[np.int8]
_REMEMBERED = 2_000_000


@dataclass(frozen=True)
class Keys:
    """The secret under which this workspace makes ids, and the source whose numbers are meant."""

    secret: bytes
    namespace: str


@dataclass
class Distinct:
    """Reads one column. ``outputs``: suffix and type of each typed column; ``read`` gives None for the unreadable."""

    column: RawColumn
    outputs: tuple[tuple[str, pa.DataType], ...]
    read: Callable[[str], tuple[Any, ...] | None]
    _seen: dict[str, tuple[int, tuple[Any, ...]]] = field(default_factory=dict)

    def typed(self, cells: pa.Array) -> tuple[list[pa.Array], State]:
        """One array for each output, null where missing or unreadable, and which of the two."""
        encoded = cells.dictionary_encode()
        seen = self._seen
        if len(seen) > _REMEMBERED:
            seen.clear()
        texts = pc.utf8_trim_whitespace(encoded.dictionary).to_pylist()
        found = [seen.get(text) or self._judged(text) for text in texts]
        states = np.array([state for state, _ in found], np.int8)
        columns = [
            pa.array([values[i] for _, values in found], kind).take(encoded.indices)
            for i, (_, kind) in enumerate(self.outputs)
        ]
        return columns, states[np.asarray(encoded.indices, dtype=np.int64)]

    def _judged(self, text: str) -> tuple[int, tuple[Any, ...]]:
        nothing = (None,) * len(self.outputs)
        if is_missing(text, self.column):
            found = MISSING, nothing
        else:
            values = self.read(text)
            found = (UNREADABLE, nothing) if values is None else (FINE, values)
        self._seen[text] = found
        return found


def is_missing(text: str, column: RawColumn) -> bool:
    """Whether a stripped text stands for nothing."""
    return not text or text in column.missing


def outputs(column: RawColumn) -> tuple[tuple[str, pa.DataType], ...]:
    """Suffix and type of the typed columns that this module makes of a column; none for kinds that the engine reads."""
    match column:
        case Day():
            return (("", pa.date32()),)
        case Code() | Party():
            return (("", pa.string()),)
        case Surrogate(keep=keep):
            return (("", pa.int64()), ("__text", pa.string())) if keep else (("", pa.int64()),)
        case CardNumber():
            return (("", pa.int64()), ("__bin", pa.string()), ("__last4", pa.string()))
        case Identity():
            return (("", pa.bool_()),)
        case _:
            return ()


def reader(column: RawColumn, keys: Keys) -> Distinct:
    """How a column of one of these kinds is read."""
    return Distinct(column, outputs(column), _parser(column, keys))


def _parser(column: RawColumn, keys: Keys) -> Callable[[str], tuple[Any, ...] | None]:
    match column:
        case Day():
            read_day = day_reader(column.form, column.century)
            return lambda text: _one(read_day(text))
        case Code(codes=codes):
            return lambda text: (codes[text],) if text in codes else None
        case Surrogate(kind=kind, keep=keep):
            return lambda text: (ids.surrogate(keys.secret, kind, keys.namespace, text), text)[: 1 + keep]
        case CardNumber():
            return lambda text: _card(text, keys)
        case Identity():
            return lambda _: (True,)
        case _:
            return lambda text: (text,)


def _one(value: Any) -> tuple[Any, ...] | None:
    return None if value is None else (value,)


def _card(text: str, keys: Keys) -> tuple[Any, ...] | None:
    if not (text.isascii() and text.isdigit() and 12 <= len(text) <= 19):
        return None
    return ids.surrogate(keys.secret, "card", keys.namespace, text), text[:6], text[-4:]
