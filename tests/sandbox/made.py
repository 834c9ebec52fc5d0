"""Reading the made bank's files the slow and simple way, for tests."""

import csv
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from zhike.sandbox import layouts
from zhike.sandbox.record import Record

Row = dict[str, str]


def lines(path: Path) -> list[bytes]:
    return path.read_bytes().split(b"\n")[:-1]


def fixed_rows(path: Path, record: Record) -> Iterator[Row]:
    """Rows of the right length, their fields stripped."""
    for line in lines(path)[1:-1]:
        if len(line) == record.width:
            yield {
                field.name: line[field.start : field.start + field.width].decode("gb18030").strip()
                for field in record.fields
            }


def csv_rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def rows(bank: Path, record: Record) -> list[Row]:
    """All rows of a kind of file over all days, oldest first."""
    found: list[Row] = []
    for path in sorted(bank.glob(f"{record.system}/*/{record.file}")):
        if record.system == "cards":
            found.extend(fixed_rows(path, record))
        else:
            found.extend(csv_rows(path))
    return found


def trailer(path: Path) -> tuple[int, int]:
    found = re.fullmatch(rb"T(\d{10})([+-]\d{17})", lines(path)[-1])
    assert found, path
    return int(found[1]), int(found[2])


def record_of(path: Path) -> Record:
    return next(each for each in layouts.RECORDS if (each.system, each.file) == (path.parent.parent.name, path.name))


def day(text: str) -> date:
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))
