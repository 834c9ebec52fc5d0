"""Readers: the same rows and line numbers whatever the block size, and from wherever reading goes on."""

import gzip
from pathlib import Path

import pytest
from delivering import swipes
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhike.data import formats
from zhike.data.columns import Words
from zhike.data.formats import scan
from zhike.data.formats.scan import Layout, Position
from zhike.data.source import Delimited, FixedWidth, RawFile, Spaced

DELIMITED = RawFile("d", "d", Delimited(separator="|", encoding="gb18030"), {"a": Words(), "b": Words()}, ())
SPACED = RawFile("s", "s", Spaced(), {"a": Words(), "b": Words()}, ())
FIXED = RawFile("f", "f", FixedWidth({"a": 2, "b": 4}), {"a": Words(), "b": Words()}, ())

Row = tuple[int, str, str]


def _all(
    path: Path, file: RawFile, layout: Layout, start: Position
) -> tuple[list[Row], list[tuple[int, str]], list[Position]]:
    rows: list[Row] = []
    refused: list[tuple[int, str]] = []
    marks = []
    for part in formats.read(path, file, layout, start):
        rows += [(int(line), row["a"], row["b"]) for line, row in zip(part.lines, part.rows.to_pylist(), strict=True)]
        refused += [(one.line, one.code) for one in part.refused]
        marks.append(part.after)
    return rows, refused, marks


_CELL = st.text(st.sampled_from('ab"中|\r\n \t'), max_size=4)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(cells=st.lists(st.tuples(_CELL, _CELL), max_size=12), ends=st.sampled_from(["\n", "\r\n"]), quoted=st.booleans())
def test_blocks_make_no_difference(
    tmp_path_factory: pytest.TempPathFactory, cells: list[tuple[str, str]], ends: str, quoted: bool
) -> None:
    lines = ["|".join('"' + cell.replace('"', '""') + '"' if quoted else cell for cell in pair) for pair in cells]
    path = tmp_path_factory.mktemp("blocks") / "d"
    path.write_bytes(ends.join(["a|b", *lines]).encode("gb18030"))
    layout = scan.scan(path, "d", DELIMITED)
    whole, refused, _ = _all(path, DELIMITED, layout, layout.begin)
    if quoted:
        assert [(row[1], row[2]) for row in whole] == cells
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scan, "BLOCK_BYTES", 7)
        small, refused_small, marks = _all(path, DELIMITED, layout, layout.begin)
        assert (small, refused_small) == (whole, refused)
        for mark in marks[:-1]:
            rest, refused_rest, _ = _all(path, DELIMITED, layout, mark)
            assert rest == [row for row in whole if row[0] >= mark.line]
            assert refused_rest == [row for row in refused if row[0] >= mark.line]


def test_fields_before_decoding(tmp_path: Path) -> None:
    """Widths are bytes: two Chinese characters are four of them; line ends may differ from line to line."""
    path = tmp_path / "f.gz"
    lines = [
        "ab王明".encode("gb18030") + b"\r\n",
        b"cd  xy\n",
        b"short\n",
        "e明明x".encode("gb18030") + b"\n",
        b"gh\xff\xffxy",
    ]
    path.write_bytes(gzip.compress(b"".join(lines)))
    layout = scan.scan(path, "f", FIXED)
    rows, refused, _ = _all(path, FIXED, layout, layout.begin)
    assert rows == [(1, "ab", "王明"), (2, "cd", "  xy")]
    assert refused == [(3, "wrong_length"), (4, "undecodable"), (5, "undecodable")]


def test_spaced_fields(tmp_path: Path) -> None:
    path = tmp_path / "s"
    path.write_bytes(b" a \t b\n 1   2\n\n 1 2 3\n\xff 2\n3\t4")
    layout = scan.scan(path, "s", SPACED)
    rows, refused, _ = _all(path, SPACED, layout, layout.begin)
    assert rows == [(2, "1", "2"), (6, "3", "4")]
    assert refused == [(4, "wrong_column_count"), (5, "undecodable")]


def test_a_trailer_is_no_data(tmp_path: Path) -> None:
    from delivering import SWIPES

    path = tmp_path / "swipes.dat"
    path.write_bytes(
        swipes("20260105", [("s1", "6225880000001234", 1, ""), ("s2", "6225880000001234", 2, "")]) + b"\n\n"
    )
    layout = scan.scan(path, "swipes.dat", SWIPES)
    assert (layout.count, layout.total, layout.begin.line) == (2, "00000000000003", 2)
    lines = [part.lines.tolist() for part in formats.read(path, SWIPES, layout, layout.begin)]
    assert lines == [[2, 3]]
