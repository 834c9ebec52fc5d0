"""Reading the made bank's files the slow and simple way, for tests."""

import contextlib
import csv
import gzip
import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl

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


def csv_rows(path: Path, encoding: str = "utf-8", separator: str = ",") -> list[Row]:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file, delimiter=separator))


def json_rows(path: Path) -> Iterator[Row]:
    """Rows of the log, nested fields by path; a torn line is left out."""
    for line in gzip.decompress(path.read_bytes()).decode().splitlines():
        with contextlib.suppress(ValueError):
            row = json.loads(line)
            device = row.pop("device", {})
            yield {name: str(value) for name, value in {**row, **{f"device.{at}": device[at] for at in device}}.items()}


def sheet_rows(path: Path, sheet: str) -> list[Row]:
    with contextlib.closing(openpyxl.load_workbook(path, read_only=True)) as book:
        names, *found = book[sheet].iter_rows(values_only=True)
    texts = [["" if cell is None else str(cell) for cell in row] for row in found]
    return [dict(zip(map(str, names), row, strict=True)) for row in texts]


def rows(bank: Path, record: Record) -> list[Row]:
    """All rows of a kind of file over all days, oldest first."""
    found: list[Row] = []
    for path in sorted(bank.glob(f"{record.system}/*/{record.file}")):
        match record.system:
            case "cards":
                found.extend(fixed_rows(path, record))
            case "digital":
                found.extend(json_rows(path))
            case "callcentre":
                found.extend(sheet_rows(path, record.name))
            case "pos":
                found.extend(csv_rows(path, "gb18030", "|"))
            case system:
                found.extend(csv_rows(path, "gb18030" if system == "crm" else "utf-8"))
    return found


def trailer(path: Path) -> tuple[int, int]:
    found = re.fullmatch(rb"T(\d{10})([+-]\d{17})", lines(path)[-1])
    assert found, path
    return int(found[1]), int(found[2])


def record_of(path: Path) -> Record:
    return next(each for each in layouts.RECORDS if (each.system, each.file) == (path.parent.parent.name, path.name))


def day(text: str) -> date:
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))
