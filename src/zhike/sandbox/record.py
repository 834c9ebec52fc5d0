"""How a record layout is stated."""

from dataclasses import dataclass
from typing import Literal

from zhike.core.text import Text

# text: GB18030, left, padded with spaces · code: ASCII, the same · int: digits, zeros before · cents: sign and digits
# of minor units · date: YYYYMMDD, blank for none · time: HHMMSS, bank-local. Elsewhere: no padding, date YYYY-MM-DD,
# time HH:MM:SS, money in yuan with two decimals; in a workbook dates and times are cells of their kind.
Kind = Literal["text", "code", "int", "cents", "date", "time"]
# identifier: names a person directly · attribute: a trait of a person · none
Personal = Literal["identifier", "attribute", "none"]
# name, kind, width, personal-data class, meaning in Chinese, in English
Row = tuple[str, Kind, int, Personal, str, str]
System = Literal["cards", "core", "pos", "atm", "digital", "callcentre", "crm"]

# How the files of a system are called behind the name of the record; the sheets of a workbook share one file.
_ENDINGS: dict[str, str] = {
    "cards": ".dat", "core": ".csv", "pos": ".txt", "atm": ".csv", "digital": ".jsonl.gz", "crm": ".csv",
}  # fmt: skip


@dataclass(frozen=True)
class Field:
    """One field; ``width`` in bytes, 0 in CSV; ``start`` is the first byte, counted from 0."""

    name: str
    kind: Kind
    width: int
    start: int
    personal: Personal
    meaning: Text


@dataclass(frozen=True)
class Record:
    """One kind of file. ``total`` names the amount that the control total sums, or is empty (the sum is then 0).

    ``upgraded`` names the fields in the order in which they stand from the system upgrade on, where it changed.
    """

    system: System
    name: str
    title: Text
    when: Text
    fields: tuple[Field, ...]
    total: str = ""
    upgraded: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        return f"{self.system}.xlsx" if self.system == "callcentre" else self.name + _ENDINGS[self.system]

    def in_order(self, upgraded: bool) -> tuple[Field, ...]:
        """The fields as they stand in a file of before or after the system upgrade."""
        return tuple(map(self.field, self.upgraded)) if upgraded and self.upgraded else self.fields

    @property
    def width(self) -> int:
        return sum(field.width for field in self.fields)

    def field(self, name: str) -> Field:
        return next(field for field in self.fields if field.name == name)


def fields(*rows: Row) -> tuple[Field, ...]:
    found: list[Field] = []
    for name, kind, width, personal, zh, en in rows:
        found.append(Field(name, kind, width, sum(field.width for field in found), personal, Text(zh, en)))
    return tuple(found)
