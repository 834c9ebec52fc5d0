"""How a bank feed is declared: its files, columns, rules, control totals, and the canonical rows they become.

One `Source` per file of ``data/sources``. Its ``files`` are loaded in the order in which they stand, so a file that
introduces customers or accounts stands before the files that speak of them. Of every raw row, in this order:

1. the columns are typed (`zhike.data.columns`); personal ones leave for the vault;
2. ``prepare`` may join whole other files of the same load (``reads``) and add columns;
3. ``rules`` are checked: the row is accepted, or quarantined with the first reason that applies;
4. every `Map` turns accepted rows into rows of one canonical table.

Besides its columns a typed row has ``_known`` (date in the file's path, else null), ``_file`` and ``_line``.
A row that tells of an event more than a day after the file's date (after today, where it has none) is ``out_of_range``.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar, Literal

import ibis
from ibis.expr.types import BooleanValue, Value

from zhike.core.registry import Registry
from zhike.core.text import Text
from zhike.data.columns import (
    Code,
    Day,
    Identity,
    Moment,
    Money,
    Number,
    Party,
    Personal,
    RawColumn,
    Whole,
)
from zhike.data.tables import TABLES
from zhike.data.verification import is_refused

# What stands where a source tells nothing of consent. Recorded with the load, so that a decision's reason shows it.
# ``recorded``: it tells what was said here, and says nothing about anybody else.
ConsentSetting = Literal["delivered", "assumed_given_for_research_data", "assumed_refused", "recorded"]


@dataclass(frozen=True)
class Delimited:
    """Rows of separated fields under a header line that names them, in any order; gzip is seen through.

    ``quote`` is one character, or empty where quotes mean nothing.
    """

    separator: str = ","
    quote: str = '"'
    encoding: str = "utf-8"


@dataclass(frozen=True)
class FixedWidth:
    """Rows of fields with fixed widths in *bytes* (before decoding), in this order, padded with spaces.

    ``header`` is a pattern that the first line must match whole, or empty where there is none.
    """

    fields: Mapping[str, int]
    encoding: str = "gb18030"
    header: str = ""

    @property
    def record_bytes(self) -> int:
        return sum(self.fields.values())


@dataclass(frozen=True)
class Spaced:
    """Rows of fields separated by white space under a header line that names them."""

    encoding: str = "utf-8"


@dataclass(frozen=True)
class JsonLines:
    """One JSON object a line in UTF-8; gzip is seen through.

    A column is the path of a value: its key, or the keys of the objects around it with points between
    (``device.os``). Numbers are read as they are written, so are ``true`` and ``false``; null, or no such key, is
    empty.
    """

    encoding: ClassVar[str] = "utf-8"


@dataclass(frozen=True)
class Workbook:
    """Rows of one sheet of an XLSX file, under the first row that names every column, in any order.

    Of a formula the value counts that was stored with it. A day reads ``2026-10-05``, an instant
    ``2026-10-05 09:30:00`` (at midnight it is a day), a time of day ``09:30:00``, a number has neither an exponent
    nor trailing zeros.
    """

    sheet: str
    encoding: ClassVar[str] = "utf-8"


@dataclass(frozen=True)
class Trailer:
    """The last line: ``pattern`` matches it whole, with named groups ``count`` and, where given, ``sum``.

    ``total`` names the raw `Money` column that ``sum`` adds up (written as the column is). Every data row of the
    file counts, also one that is quarantined later. Where the last line does not match, the file is half-written.
    """

    pattern: str
    total: str = ""


@dataclass(frozen=True)
class Companion:
    """A small file beside each file, its name with ``suffix`` behind: ``pattern`` is found in it. Else as `Trailer`."""

    pattern: str
    suffix: str = ".ctl"
    total: str = ""


@dataclass(frozen=True)
class Rule:
    """A condition over typed columns that an accepted row fulfils; false or null quarantines it with ``code``.

    ``code`` is one of `zhike.data.quarantine.REASONS`, or the source's own with its ``meaning``.
    """

    code: str
    column: str
    holds: Callable[[ibis.Table], BooleanValue]
    meaning: Text | None = None


@dataclass(frozen=True)
class Map:
    """One canonical row for each accepted raw row that fulfils ``where``. Several maps may fill one table.

    ``columns`` gives the canonical columns as expressions over the typed row. What it leaves out is filled:
    ``source``; ``currency`` (the source's); ``known_at`` (date in the file's path, else ``business_date``);
    ``known_from`` (date in the file's path); ``valid_from`` (``known_from``); others null. The key of an event, and
    ``plan_id`` and ``order_id``, is given as the bank's own reference (string): the source's name is put before it.
    """

    table: str
    columns: Callable[[ibis.Table], Mapping[str, Value]]
    where: Callable[[ibis.Table], BooleanValue] | None = None


Lookup = Callable[[str], ibis.Table]


@dataclass(frozen=True, eq=False)
class RawFile:
    """One kind of file. ``pattern`` matches its whole path relative to the folder, a final ``.gz`` left away.

    A named group ``date`` in it (YYYYMMDD or YYYY-MM-DD) is the file's business date. ``columns``: raw name -> kind;
    every column of the file is declared, if only as `Ignored`; one that is read in several ways has a tuple of kinds
    with different names. ``reads`` names raw files of this source (also this very one) that ``prepare(raw, lookup)``
    joins, read whole from this folder: small ones. It must keep each row exactly once (`one_each`); in it and in the
    rules a `Party` column still holds the customer number. ``party_columns`` are columns made by ``prepare`` that
    hold customer numbers too, and become party ids like a `Party` column.
    """

    name: str
    pattern: str
    format: Delimited | FixedWidth | Spaced | JsonLines | Workbook
    columns: Mapping[str, RawColumn | tuple[RawColumn, ...]]
    maps: tuple[Map, ...]
    rules: tuple[Rule, ...] = ()
    control: Trailer | Companion | None = None
    reads: tuple[str, ...] = ()
    prepare: Callable[[ibis.Table, Lookup], ibis.Table] | None = None
    party_columns: tuple[str, ...] = ()
    optional: bool = False

    @cached_property
    def readings(self) -> list[tuple[str, RawColumn]]:
        """(raw column, kind) of every way in which a column is read."""
        several = ((raw, kind if isinstance(kind, tuple) else (kind,)) for raw, kind in self.columns.items())
        return [(raw, kind) for raw, kinds in several for kind in kinds]

    @property
    def controlled(self) -> tuple[str, RawColumn]:
        """The column that the control adds up."""
        wanted = self.control.total if self.control else ""
        return next((raw, kind) for raw, kind in self.readings if raw == wanted)

    @cached_property
    def masked(self) -> frozenset[str]:
        """Raw columns of which only the shape may be shown."""
        return frozenset(raw for raw, kind in self.readings if kind.masked)

    @cached_property
    def telling(self) -> frozenset[str]:
        """Raw columns of which not every text can be read: what can be is a number, a day or a code."""
        kinds = (Whole, Number, Money, Day, Moment, Code)
        return frozenset(raw for raw, kind in self.readings if isinstance(kind, kinds)) - self.masked

    def masks(self, raw: str) -> bool:
        return raw in self.masked


@dataclass(frozen=True, eq=False)
class Source:
    """A bank feed. ``keys_of`` names the source whose customer, account … numbers this one shares, else its own.

    ``currency`` is empty where nothing in it is an amount.
    """

    name: str
    title: Text
    meaning: Text
    currency: str
    zone: str
    files: tuple[RawFile, ...]
    consent: ConsentSetting
    keys_of: str = ""
    _by_name: dict[str, RawFile] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        self._by_name.update({file.name: file for file in self.files})
        faults = [fault for file in self.files for fault in _faults(file, set(self._by_name))]
        if len(self._by_name) != len(self.files):
            faults.append("two files bear the same name")
        if faults:
            raise ValueError(f"source {self.name}: " + "; ".join(faults))

    @property
    def namespace(self) -> str:
        return self.keys_of or self.name

    def file(self, name: str) -> RawFile:
        return self._by_name[name]


def one_each(table: ibis.Table, key: str) -> ibis.Table:
    """One row for each key: what ``prepare`` joins, so that a key delivered twice does not double rows beside it."""
    rank = ibis.row_number().over(ibis.window(group_by=key, order_by=[table[name] for name in table.columns]))
    return table.mutate(rank_in_key=rank).filter(lambda ranked: ranked.rank_in_key == 0).drop("rank_in_key")


def _faults(file: RawFile, names: set[str]) -> list[str]:
    found = [f"{file.name} reads an unknown file {name}" for name in file.reads if name not in names]
    found += [f"{file.name} fills an unknown table {map_.table}" for map_ in file.maps if map_.table not in TABLES]
    found += [f"{file.name} has two Party columns"] * (sum(isinstance(c, Party) for _, c in file.readings) > 1)
    if isinstance(file.format, FixedWidth) and set(file.format.fields) != set(file.columns):
        found.append(f"{file.name}: fields and columns differ: {set(file.format.fields) ^ set(file.columns)}")
    if file.control is not None:
        if "count" not in re.compile(file.control.pattern).groupindex:
            found.append(f"{file.name}: the control pattern has no group 'count'")
        if file.control.total and file.control.total not in file.columns:
            found.append(f"{file.name}: the control total {file.control.total} is no column")
    found += [f"{file.name}: {raw} holds verification values, never read" for raw in file.columns if is_refused(raw)]
    personal = any(isinstance(column, Personal | Identity) for _, column in file.readings)
    if personal and not any(isinstance(column, Party) for _, column in file.readings):
        found.append(f"{file.name} has personal columns, but no Party column to keep them under")
    return found


sources: Registry[Source] = Registry("sources", "zhike.data.sources")
