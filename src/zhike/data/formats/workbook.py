"""Sheets of XLSX workbooks: rows under the line of names, every cell as one canonical text.

openpyxl's own reader of rows is used below its worksheet, which would drop cells that stand out of order and make up
rows that are not there. Places are numbers of rows: reading on from a row passes over those before it.
"""

import hashlib
import itertools
import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

from zhike.core.errors import ZhikeError
from zhike.data.formats import workbook_parts
from zhike.data.formats.rows import RawRows, Refused, table_of
from zhike.data.formats.scan import LEAVE_OUT, Layout, Position, control, named, unusable
from zhike.data.source import RawFile, Workbook
from zhike.data.verification import holds_track

MOST_COLUMNS, MOST_ABOVE, BLOCK_ROWS = 1_024, 50, 20_000
Cell = dict[str, Any]
Row = tuple[int, list[Cell]]


def scan(path: Path, name: str, file: RawFile) -> Layout:
    """The layout of a workbook that is whole, harmless, and has the sheet with the line of names."""
    assert isinstance(file.format, Workbook)
    workbook_parts.check(path, name)
    content = path.read_bytes()
    with _sheet(path, name, file.format) as rows:
        line, columns = _header(rows, name, file)
    count, total, end = control(path, name, file, b"", len(content))
    return Layout(hashlib.sha256(content).hexdigest(), columns, Position(line + 1, line + 1), end, count, total)


def read(path: Path, form: Workbook, layout: Layout, start: Position) -> Iterator[RawRows]:
    """Blocks of rows from ``start``; rows without any value are passed over."""
    with _sheet(path, path.name, form) as rows:
        places = _places(next(cells for number, cells in rows if number == layout.begin.line - 1), layout.columns)
        fresh = (row for row in rows if row[0] >= start.line)
        while block := list(itertools.islice(fresh, BLOCK_ROWS)):
            yield _parse(block, places, layout.columns, path.name)


@contextmanager
def _sheet(path: Path, name: str, form: Workbook) -> Iterator[Iterator[Row]]:
    """The rows of the sheet; whatever openpyxl cannot read becomes BadInput."""
    import openpyxl
    from openpyxl.worksheet._reader import WorkSheetParser

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
            try:
                if form.sheet not in book.sheetnames:
                    raise unusable(name, f"has no sheet {form.sheet!r}.")
                sheet = book[form.sheet]
                with sheet._get_source() as source:
                    parser = WorkSheetParser(
                        source, sheet._shared_strings, data_only=True, epoch=book.epoch,
                        date_formats=book._date_formats, timedelta_formats=book._timedelta_formats,
                    )  # fmt: skip
                    yield _in_order(parser.parse(), name)
            finally:
                book.close()
    except (ZhikeError, MemoryError):
        raise
    except OSError as fault:
        raise unusable(name, f"cannot be read ({fault.strerror}).") from None
    except Exception:
        raise unusable(name, "is damaged inside, openpyxl cannot read it; save it anew.") from None


def _in_order(rows: Iterator[Row], name: str) -> Iterator[Row]:
    last = 0
    for number, cells in rows:
        if number <= last or any(cell["column"] > MOST_COLUMNS for cell in cells):
            raise unusable(name, f"has rows out of order or more than {MOST_COLUMNS:,} columns.")
        last = number
        yield number, cells


def _header(rows: Iterator[Row], name: str, file: RawFile) -> tuple[int, tuple[str, ...]]:
    """The line of names: the first that has every declared one, else the first that has any."""
    likely: tuple[int, tuple[str, ...]] | None = None
    for number, cells in itertools.islice(rows, MOST_ABOVE):
        found = tuple(text for cell in cells if (text := _text(cell).strip()))
        if set(file.columns) <= set(found):
            return number, named(found, name, file)
        if likely is None and set(file.columns) & set(found):
            likely = number, found
    if likely is None:
        raise unusable(name, f"its sheet has no line of names. Expected {', '.join(file.columns)}.")
    return likely[0], named(likely[1], name, file)


def _places(header: list[Cell], columns: tuple[str, ...]) -> dict[int, int]:
    """Column of the sheet -> place in a row of texts."""
    return {cell["column"]: columns.index(text) for cell in header if (text := _text(cell).strip())}


def _parse(block: list[Row], places: dict[int, int], columns: tuple[str, ...], name: str) -> RawRows:
    records: list[list[str]] = []
    numbers: list[int] = []
    refused: list[Refused] = []
    for number, cells in block:
        texts = [""] * len(columns)
        code = ""
        for cell in cells:
            text = _text(cell)
            if text and cell["column"] not in places:
                code = code or "wrong_column_count"
            elif text:
                texts[places[cell["column"]]] = text
            if text and cell["data_type"] == "e":
                code = code or "cell_error"
        line = " ".join(texts)
        if holds_track(line.encode()):
            raise unusable(name, f"holds track data of cards. {LEAVE_OUT}")
        if code:
            refused.append(Refused(number, code, " ".join(filter(None, map(_text, cells)))))
        elif line.strip():
            records.append(texts)
            numbers.append(number)
    after = Position(block[-1][0] + 1, block[-1][0] + 1)
    return RawRows(table_of(columns, records), np.array(numbers, np.int64), after, refused)


def _text(cell: Cell) -> str:
    """One text for a value however the cell shows it."""
    value = cell["value"]
    match value:
        case None:
            text = ""
        case bool():
            text = "true" if value else "false"
        case float():
            text = _number(value)
        case datetime():
            rounded = (value + timedelta(microseconds=500_000)).replace(microsecond=0)
            text = f"{rounded:%Y-%m-%d}" if rounded.time() == time() else f"{rounded:%Y-%m-%d %H:%M:%S}"
        case time():
            text = f"{datetime.combine(date(2000, 1, 1), value) + timedelta(microseconds=500_000):%H:%M:%S}"
        case timedelta():
            text = _clock(value)
        case _:
            text = str(value)
    return text


def _number(value: float) -> str:
    """Without exponent; whole numbers without a point. Excel holds 15 digits: what is beyond them is noise."""
    if not math.isfinite(value):
        return str(value)
    text = f"{Decimal(f'{value:.15g}'):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _clock(value: timedelta) -> str:
    seconds = round(value.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
