"""How a canonical table is declared: grain, keys, types, units, validity, personal-data class."""

from dataclasses import dataclass
from typing import Literal

import ibis
import pyarrow as pa

ColumnType = Literal["string", "int64", "int32", "float64", "bool", "date", "timestamp"]
# none: says nothing of a person alone · attribute: a trait of a person, pseudonymous in facts ·
# token: keyed hash of a personal field. Direct identifiers have no class here: they live in the vault only.
Personal = Literal["none", "attribute", "token"]

_ARROW: dict[ColumnType, pa.DataType] = {
    "string": pa.string(),
    "int64": pa.int64(),
    "int32": pa.int32(),
    "float64": pa.float64(),
    "bool": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us", tz="UTC"),
}
_IBIS: dict[ColumnType, str] = {
    "string": "string",
    "int64": "int64",
    "int32": "int32",
    "float64": "float64",
    "bool": "boolean",
    "date": "date",
    "timestamp": "timestamp('UTC')",
}


@dataclass(frozen=True)
class Column:
    """One column. ``unit`` is ``cents``, ``days`` …; ``codes`` are the only values of a code column.

    ``free_text``: words that somebody wrote. What looks like a number of a person in them is masked on the way in.
    """

    name: str
    type: ColumnType
    meaning: str
    unit: str = ""
    required: bool = False
    personal: Personal = "none"
    codes: tuple[str, ...] = ()
    free_text: bool = False


@dataclass(frozen=True)
class Table:
    """A canonical table.

    An *event* happened once: it has ``business_date`` and ``known_at`` and is partitioned by the month of the first.
    A *dimension* row is a version: it has ``valid_from``, ``valid_to``, ``known_from``; nothing is ever updated.
    Of a table that is ``merged``, each source keeps versions of its own and a reader sees one row per key, column by
    column the newest value that any source knows.
    """

    name: str
    grain: str
    shape: Literal["event", "dimension"]
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    merged: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    def arrow_schema(self) -> pa.Schema:
        """The Parquet schema; nullability is checked at ingest, not by the format."""
        return pa.schema([(column.name, _ARROW[column.type]) for column in self.columns])

    def ibis_schema(self) -> ibis.Schema:
        return ibis.schema({column.name: _IBIS[column.type] for column in self.columns})

    def unbound(self) -> ibis.Table:
        """The table as an Ibis expression without data, for declarations."""
        return ibis.table(self.ibis_schema(), name=self.name)
