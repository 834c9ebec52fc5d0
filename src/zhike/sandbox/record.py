"""How a record layout is stated."""

from dataclasses import dataclass
from typing import Literal

from zhike.core.text import Text

# text: GB18030, left, padded with spaces · code: ASCII, the same · int: digits, zeros before · cents: sign and digits
# of minor units · date: YYYYMMDD, blank for none · time: HHMMSS, bank-local. In CSV: no padding, date YYYY-MM-DD,
# time HH:MM:SS, money in yuan with two decimals.
Kind = Literal["text", "code", "int", "cents", "date", "time"]
# identifier: names a person directly · attribute: a trait of a person · none
Personal = Literal["identifier", "attribute", "none"]


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
    """One kind of file. ``total`` names the amount that the control total sums, or is empty (the sum is then 0)."""

    system: Literal["cards", "core"]
    name: str
    title: Text
    when: Text
    fields: tuple[Field, ...]
    total: str = ""

    @property
    def file(self) -> str:
        return f"{self.name}.{'dat' if self.system == 'cards' else 'csv'}"

    @property
    def width(self) -> int:
        return sum(field.width for field in self.fields)

    def field(self, name: str) -> Field:
        return next(field for field in self.fields if field.name == name)


def fields(*rows: tuple[str, Kind, int, Personal, str, str]) -> tuple[Field, ...]:
    found: list[Field] = []
    for name, kind, width, personal, zh, en in rows:
        found.append(Field(name, kind, width, sum(field.width for field in found), personal, Text(zh, en)))
    return tuple(found)
