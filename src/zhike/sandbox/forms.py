"""The forms of files: what stands around the rows, and what stands beside the file."""

import gzip
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from zhike.sandbox import layouts
from zhike.sandbox.parts import Piece
from zhike.sandbox.record import Record

# Fast, and always the same: a gzip header may hold a time, a workbook the moment of its making.
_GZIP_LEVEL = 1
_MADE = datetime(2026, 1, 1)  # noqa: DTZ001  # a property of a document has no zone


@dataclass(frozen=True)
class File:
    """One file of a day: its records (several are sheets of one workbook) with all their rows."""

    path: Path
    day: date
    upgraded: bool
    content: Sequence[tuple[Record, Piece]]


Form = Callable[[File], list[Path]]


def fixed_width(file: File) -> list[Path]:
    """A header line, the rows, and a trailer with their number and sum."""
    ((record, whole),) = file.content
    with file.path.open("wb") as out:
        out.write(layouts.HEADER.format(name=record.name.upper(), day=file.day).encode() + b"\n")
        out.writelines(whole.rows)
        out.write(layouts.TRAILER.format(count=whole.count, total=whole.total).encode() + b"\n")
    return [file.path]


def quoted(file: File) -> list[Path]:
    """A line of quoted names, the rows, and a companion."""
    ((record, whole),) = file.content
    return _with_names(file, ",".join(f'"{field.name}"' for field in record.in_order(file.upgraded)), whole)


def bars(file: File) -> list[Path]:
    """A line of names with bars between, the rows, and a companion."""
    ((record, whole),) = file.content
    return _with_names(file, "|".join(field.name for field in record.fields), whole)


def json_lines(file: File) -> list[Path]:
    """The rows, packed, and a companion."""
    ((_, whole),) = file.content
    file.path.write_bytes(gzip.compress(b"".join(whole.rows), _GZIP_LEVEL, mtime=0))
    return [file.path, _companion(file, [_line(file, whole)])]


def workbook(file: File) -> list[Path]:
    """A sheet for each record, rows given as arrays of JSON, and a companion with a line for each sheet."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(file.path), {"constant_memory": True, "strings_to_numbers": False})
    book.set_properties({"created": _MADE})
    forms = {kind: book.add_format({"num_format": form}) for kind, form in _CELL_FORMS.items()}
    for record, piece in file.content:
        sheet = book.add_worksheet(record.name)
        names = record.in_order(file.upgraded)
        sheet.write_row(0, 0, [field.name for field in names])
        rows = (line for rows in piece.rows for line in bytes(rows).splitlines())
        for at, line in enumerate(rows, 1):
            for column, (value, field) in enumerate(zip(json.loads(line), names, strict=True)):
                _write(sheet, at, column, value, field.kind, forms)
    book.close()
    return [file.path, _companion(file, [_line(file, piece, record.name) for record, piece in file.content])]


_CELL_FORMS = {"date": "yyyy-mm-dd", "time": "hh:mm:ss"}


def _write(sheet: Any, row: int, column: int, value: str | int, kind: str, forms: dict[str, Any]) -> None:
    if value == "":
        return
    if kind == "date":
        day = date.fromisoformat(str(value))
        sheet.write_datetime(row, column, datetime(day.year, day.month, day.day), forms[kind])  # noqa: DTZ001
    elif kind == "time":
        sheet.write_datetime(row, column, time.fromisoformat(str(value)), forms[kind])
    elif kind == "int":
        sheet.write_number(row, column, int(value))
    else:
        sheet.write_string(row, column, str(value))


def _with_names(file: File, names: str, whole: Piece) -> list[Path]:
    with file.path.open("wb") as out:
        out.write(names.encode() + b"\n")
        out.writelines(whole.rows)
    return [file.path, _companion(file, [_line(file, whole)])]


def _line(file: File, whole: Piece, sheet: str = "") -> str:
    total = (Decimal(whole.total) / 100).quantize(Decimal("0.01")) if whole.total else Decimal(0)
    where = file.path.name + (f" sheet={sheet}" if sheet else "")
    return layouts.COMPANION.format(file=where, day=file.day, count=whole.count, total=total)


def _companion(file: File, lines: Iterable[str]) -> Path:
    """The small file beside a file that tells its control totals."""
    beside = file.path.with_name(file.path.name.removesuffix(".gz") + ".ctl")
    beside.write_text("".join(line + "\n" for line in lines))
    return beside


FORMS: dict[str, Form] = {
    "cards": fixed_width, "core": quoted, "pos": bars, "atm": quoted, "digital": json_lines, "callcentre": workbook,
    "crm": quoted,
}  # fmt: skip
