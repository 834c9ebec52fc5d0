"""Workbooks: one canonical text for a value however the cell shows it; what is no plain workbook is refused whole."""

import contextlib
import random
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhike.core.errors import BadInput
from zhike.data import formats
from zhike.data.columns import Words
from zhike.data.formats import scan, workbook, workbook_parts
from zhike.data.source import Companion, RawFile, Workbook

CALLS = RawFile(
    "calls", "calls", Workbook("calls"), {"id": Words(), "day": Words(), "said": Words()}, (),
    control=Companion(r"sheet=calls rows=(?P<count>\d+)"),
)  # fmt: skip
Cells = list[list[object]]


def _written(folder: Path, rows: Cells, sheet: str = "calls", **options: object) -> Path:
    path = folder / "calls.xlsx"
    book = xlsxwriter.Workbook(str(path), {"remove_timezone": True, **options})
    book.add_worksheet("cover").write(0, 0, "nothing to see")
    page = book.add_worksheet(sheet)
    forms = {
        date: book.add_format({"num_format": "d mmm yy"}),
        datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        time: book.add_format({"num_format": "hh:mm:ss"}),
        timedelta: book.add_format({"num_format": "[h]:mm:ss"}),
    }
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            if type(value) in forms:
                page.write_datetime(at, column, value, forms[type(value)])  # type: ignore[arg-type]
            elif value is not None:
                page.write(at, column, value)
    book.close()
    path.with_name(path.name + ".ctl").write_text("sheet=other rows=9\nsheet=calls rows=2\n")
    return path


def _read(path: Path, start: scan.Position | None = None) -> tuple[dict[int, tuple[str, ...]], dict[int, str]]:
    layout = scan.scan(path, path.name, CALLS)
    rows: dict[int, tuple[str, ...]] = {}
    refused: dict[int, str] = {}
    for part in formats.read(path, CALLS, layout, start or layout.begin):
        for line, row in zip(part.lines, part.rows.to_pylist(), strict=True):
            rows[int(line)] = tuple(row[name] for name in CALLS.columns)
        refused |= {one.line: one.code for one in part.refused}
    return rows, refused


HEAD: list[object] = ["id", "day", "said"]


def test_names_are_found_in_any_order_below_a_title(tmp_path: Path) -> None:
    path = _written(tmp_path, [["Calls of October"], [], [None, "said", "id", "day"], [None, "hello", "c1", 5], []])
    assert _read(path) == ({4: ("c1", "5", "hello")}, {})
    assert scan.scan(path, "x", CALLS).count == 2


def test_one_text_for_a_value(tmp_path: Path) -> None:
    cells = [
        (7, "7"), (7.0, "7"), (-0.5, "-0.5"), (0.1 + 0.2, "0.3"), (1e20, "100000000000000000000"),
        (1.5e-7, "0.00000015"),
        (12345678901234.0, "12345678901234"), (True, "true"), (False, "false"), (" a ", " a "), ("007", "007"),
        (date(2026, 10, 5), "2026-10-05"), (datetime.fromisoformat("2026-10-05T09:30:01"), "2026-10-05 09:30:01"),
        (datetime.fromisoformat("2026-10-05"), "2026-10-05"), (time(23, 59, 59), "23:59:59"),
        (time(0, 0, 7), "00:00:07"), (timedelta(hours=30, seconds=5), "30:00:05"), ("中文\n换行", "中文\n换行"),
    ]  # fmt: skip
    rows, refused = _read(_written(tmp_path, [HEAD, *([f"r{at}", cell] for at, (cell, _) in enumerate(cells))]))
    assert not refused
    assert [row[1] for row in rows.values()] == [text for _, text in cells]


def test_formulas_count_by_their_stored_value(tmp_path: Path) -> None:
    path = tmp_path / "calls.xlsx"
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet("calls")
    page.write_row(0, 0, HEAD)
    page.write_formula(1, 0, "=1+1", value=2)
    page.write_formula(2, 0, "=1/0", value="#DIV/0!")
    page.write(3, 7, "beside the table")
    book.close()
    path.with_name("calls.xlsx.ctl").write_text("sheet=calls rows=3")
    assert _read(path) == ({2: ("2", "", "")}, {3: "cell_error", 4: "wrong_column_count"})


def test_reading_goes_on_from_any_row(tmp_path: Path) -> None:
    path = _written(tmp_path, [HEAD, *([f"r{at}", at, None] for at in range(50))])
    whole, _ = _read(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workbook, "BLOCK_ROWS", 7)
        assert _read(path)[0] == whole
        later, _ = _read(path, scan.Position(30, 30))
    assert later == {line: row for line, row in whole.items() if line >= 30}


@pytest.mark.parametrize(
    ("rows", "sheet", "named"),
    [
        ([HEAD], "others", "no sheet 'calls'"),
        ([["id", "day"]], "calls", "missing columns 'said'"),
        ([[*HEAD, "more"]], "calls", "unknown columns 'more'"),
        ([[*HEAD, "id"]], "calls", "repeated columns 'id'"),
        ([["x"], ["y"]], "calls", "no line of names"),
        ([[*HEAD, "cvv"]], "calls", "verification values"),
        ([HEAD, ["x", "%B6225880000001234^A/B^2912"]], "calls", "track data"),
    ],
)
def test_a_sheet_of_another_kind_is_refused_whole(tmp_path: Path, rows: Cells, sheet: str, named: str) -> None:
    with pytest.raises(BadInput, match=rf"calls\.xlsx.*{named}.*Nothing was loaded"):
        _read(_written(tmp_path, rows, sheet))


def _repacked(path: Path, **parts: bytes) -> None:
    """Puts parts into a workbook; the old ones of the same name go."""
    slashed = {name.replace("__", "/"): value for name, value in parts.items()}
    names = {name.replace("_xml", ".xml").replace("_bin", ".bin"): value for name, value in slashed.items()}
    with zipfile.ZipFile(path) as old:
        kept = {name: old.read(name) for name in old.namelist() if name not in names}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in {**kept, **names}.items():
            new.writestr(name, content)


SHEET = "xl__worksheets__sheet2_xml"
_OPEN = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
_LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>' + _OPEN + b"</sheetData></worksheet>"


@pytest.mark.parametrize(
    ("parts", "named"),
    [
        ({"xl__vbaProject_bin": b"x"}, "macros"),
        ({SHEET: _LAUGHS}, "declarations"),
        ({SHEET: "<?xml version='1.0' encoding='utf-16'?><worksheet/>".encode("utf-16")}, "not XML in UTF-8"),
        ({SHEET: b"<?xml version='1.0' encoding='cp037'?><worksheet/>"}, "not XML in UTF-8"),
        ({SHEET: _OPEN + b"<row>" + b"<c/>" * 1_500_000 + b"</row></sheetData></worksheet>"}, "row of more than 4 MiB"),
        ({SHEET: _OPEN + b"<row/>" * 1_100_000 + b"</sheetData></worksheet>"}, "more than 1,048,576 rows"),
        ({SHEET: _OPEN + b'<row r="2"/><row r="1"/></sheetData></worksheet>'}, "out of order"),
        ({SHEET: _OPEN + b'<row r="1"><c r="ZZZ1"/></row></sheetData></worksheet>'}, "more than 1,024 columns"),
        ({SHEET: _OPEN + b"<row><c t='s'><v>99999</v></c></row></sheetData></worksheet>"}, "damaged inside"),
        ({SHEET: _OPEN + b"<row>"}, "damaged inside"),
        ({"xl__workbook_xml": b"<x/>"}, "no sheet"),
        ({"xl__workbook_xml": b"<x"}, "damaged inside"),
    ],
)  # fmt: skip
def test_what_could_do_harm_is_refused_whole(tmp_path: Path, parts: dict[str, bytes], named: str) -> None:
    path = _written(tmp_path, [HEAD, ["a", 1, "b"]])
    _repacked(path, **parts)
    with pytest.raises(BadInput, match=rf"{named}.*Nothing was loaded"):
        _read(path)


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = _written(tmp_path, [HEAD])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as book, book.open("xl/media/x.bin", "w") as part:
        for _ in range(520):
            part.write(b"\0" * (1 << 20))
    assert path.stat().st_size < 1 << 20
    with pytest.raises(BadInput, match="unpacks to"):
        _read(path)


def test_encrypted_packed_twice_and_no_workbook_at_all(tmp_path: Path) -> None:
    path = _written(tmp_path, [HEAD])
    whole = path.read_bytes()
    old_kind = bytes.fromhex("d0cf11e0a1b11ae1") + b"0" * 600
    for content, named in ((old_kind, "encrypted"), (b"", "cut off"), (b"id,day", "cut off")):
        path.write_bytes(content)
        with pytest.raises(BadInput, match=named):
            _read(path)
    locked = bytearray(whole)
    for start in (at for at in range(len(locked)) if locked[at : at + 4] == b"PK\x01\x02"):
        locked[start + 8] |= 1
    path.write_bytes(locked)
    with pytest.raises(BadInput, match="encrypted"):
        _read(path)
    path.rename(path.with_name("calls.xlsx.gz"))
    with pytest.raises(BadInput, match="packed already"):
        _read(path.with_name("calls.xlsx.gz"))


@pytest.mark.parametrize("seed", range(60))
def test_a_damaged_workbook_never_loads_half(tmp_path: Path, seed: int) -> None:
    """Bytes turned over or cut off: the same rows, or one refusal; nothing between."""
    path = _written(tmp_path, [HEAD, *([f"r{at}", at, "said"] for at in range(40))])
    whole = _read(path)
    content, chance = bytearray(path.read_bytes()), random.Random(seed)
    if seed % 2:
        del content[chance.randrange(len(content)) :]
    else:
        for _ in range(chance.randrange(1, 6)):
            content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)
    with contextlib.suppress(BadInput):
        assert _read(path) == whole, seed


_CELL = (
    st.none() | st.booleans() | st.integers(-(2**50), 2**50) | st.floats(-1e15, 1e15)
    | st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), max_size=6)
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(rows=st.lists(st.tuples(_CELL, _CELL, _CELL), max_size=6), strings=st.booleans())
def test_every_row_with_a_value_is_read(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[object, ...]], strings: bool
) -> None:
    folder = tmp_path_factory.mktemp("cells")
    path = folder / "calls.xlsx"
    book = xlsxwriter.Workbook(str(path), {"in_memory": True, "constant_memory": strings})
    page = book.add_worksheet("calls")
    page.write_row(0, 0, HEAD)
    for at, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if isinstance(value, str):
                page.write_string(at, column, value)
            elif value is not None:
                page.write(at, column, value)
    book.close()
    path.with_name("calls.xlsx.ctl").write_text(f"sheet=calls rows={len(rows)}")
    found, refused = _read(path)
    assert not refused
    for at, row in enumerate(rows, 2):
        texts = found.get(at, ("", "", ""))
        for value, text in zip(row, texts, strict=True):
            if isinstance(value, bool):
                assert text == str(value).lower()
            elif isinstance(value, int | float):
                assert float(text) == pytest.approx(value, rel=1e-14, abs=0)
                assert "e" not in text.lower()
            elif any(cell not in (None, "") for cell in row):
                assert text.strip() == (value or "").strip()  # type: ignore[attr-defined]


def test_the_check_reads_every_part_to_its_checksum(tmp_path: Path) -> None:
    path = _written(tmp_path, [HEAD, ["a", 1, "b"]])
    with zipfile.ZipFile(path) as book:
        info = book.infolist()[-1]
    content = bytearray(path.read_bytes())
    content[info.header_offset + 30 + len(info.filename) + 8] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(BadInput):
        workbook_parts.check(path, "calls.xlsx")
