"""Rows of one kind as columns: what the small frozen dataclasses of a day have in common."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache
from typing import Self

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
NONE = -1
_NOT_GIVEN = np.array(NONE)


@cache
def names(kind: type) -> tuple[str, ...]:
    """The columns of a kind of rows; asked many times a day, looked up once."""
    return tuple(each.name for each in fields(kind))


def among(values: NDArray[np.integer], codes: Sequence[int]) -> NDArray[np.bool_]:
    """Which values are one of a few codes: for these cheaper than a search through sorted sets."""
    found = values == codes[0]
    for code in codes[1:]:
        found |= values == code
    return found


@dataclass(frozen=True)
class Columns:
    """Columns of whole numbers of one length; NONE where nothing applies. The subclass names the columns."""

    def __len__(self) -> int:
        return len(getattr(self, names(type(self))[0]))

    def at(self, index: NDArray[np.integer] | NDArray[np.bool_]) -> Self:
        return type(self)(*(getattr(self, name)[index] for name in names(type(self))))

    @classmethod
    def none(cls) -> Self:
        """No row."""
        return cls(*(np.empty(0, np.int64) for _ in names(cls)))

    @classmethod
    def of(cls, **columns: object) -> Self:
        """Rows of the columns given, one number standing for a whole column; columns not given are NONE."""
        given = {name: np.asarray(column, np.int64) for name, column in columns.items()}
        count = next(len(column) for column in given.values() if column.ndim)
        found = [given.get(name, _NOT_GIVEN) for name in names(cls)]
        return cls(*(column if column.ndim else np.full(count, column) for column in found))

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """All rows, part after part."""
        if not parts:
            return cls.none()
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in names(cls)))

    def by_clock(self) -> Self:
        """In the order of the column ``second``; ties stay in the order given."""
        return self.at(np.argsort(getattr(self, "second"), kind="stable"))  # noqa: B009
