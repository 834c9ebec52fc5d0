"""A clean delivery becomes facts; a dirty one becomes facts and a quarantine that says what, where and why."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from delivering import (
    MOVES,
    MOVES_HEAD,
    PEOPLE_HEAD,
    SMALL,
    MemoryVault,
    deliver,
    facts,
    reasons,
    swipes,
    taken,
    workspace_at,
)

from zhike.core.clock import business_date, now
from zhike.core.snapshot import SnapshotStore
from zhike.core.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return workspace_at(tmp_path / "home")


def test_a_clean_delivery(tmp_path: Path, workspace: Workspace) -> None:
    vault = MemoryVault()
    report = taken(deliver(tmp_path / "in"), workspace, vault)

    assert [(file.file, file.rows_in, file.accepted, file.quarantined) for file in report.files] == [
        ("20260105/people.csv", 2, 2, 0),
        ("20260105/accounts.csv", 2, 2, 0),
        ("20260105/moves.csv", 2, 2, 0),
        ("20260105/swipes.dat", 2, 2, 0),
    ]
    assert report.snapshot == SnapshotStore(workspace).current_id()
    first, second = sorted(facts(workspace, "transaction"), key=lambda row: str(row["transaction_id"]))
    assert (first["transaction_id"], first["amount_cents"], first["business_date"]) == (
        "small:m1",
        1250,
        date(2026, 1, 4),
    )
    assert (second["kind"], second["direction"], second["known_at"]) == ("refund", "credit", date(2026, 1, 5))
    swipe = facts(workspace, "authorisation")[0]
    assert swipe["event_at"] == datetime(2026, 1, 5, 1, 30, tzinfo=UTC)
    people = facts(workspace, "party")
    assert sorted(str(row["birth_date"]) for row in people) == ["1980-02-29", "None"]
    assert sorted(vault.kept.values()) == ["1", "2", "Ann Lee", "ID1", "ID2", "王小明"]
    assert workspace.currency == "CNY"


def test_nothing_personal_stands_in_the_workspace(tmp_path: Path, workspace: Workspace) -> None:
    bad = PEOPLE_HEAD + "1,王小明,ID1,1980-02-29,2020-01-01,,0.5\n2,Ann Lee,ID2,31.2.2020,2021-05-06,,\n"
    taken(
        deliver(tmp_path / "in", people__csv=bad.encode(), accounts__csv=_accounts("A1,1"), moves__csv=None), workspace
    )
    held = b"".join(path.read_bytes() for path in workspace.home.rglob("*") if path.is_file())
    for clear in ("王小明", "Ann Lee", "6225880000001234", "ID1"):
        assert clear.encode() not in held
    (row,) = facts(workspace, "quarantine")
    assert (row["line"], row["code"], row["column"]) == (3, "not_a_date", "born")
    assert row["raw"] == "9,xxx xxx,xx9,99.9.9999,2021-05-06,,"


def test_a_row_moved_by_one_column_shows_nothing_personal(tmp_path: Path, workspace: Workspace) -> None:
    """The name stands where the document is expected, the document where the birth day is, a phone in the score."""
    people = PEOPLE_HEAD + "x,1,王小明,110101198001010010,2020-01-01,6225880000001234,13812345678\n"
    taken(deliver(tmp_path / "in", people__csv=people.encode(), accounts__csv=_accounts(), moves__csv=None), workspace)
    (row,) = facts(workspace, "quarantine")
    assert row["raw"] == "x,9,xxx,999999999999999999,2020-01-01,9999999999999999,99999999999"


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ("m1,A1,2026-02-30,1,P,,", "not_a_date", "day"),
        ("m1,A1,,1,P,,", "missing_value", "day"),
        ("m1,A1,2026-01-04,-1,P,,", "out_of_range", "amount"),
        ("m1,A1,2026-01-04,99999999,P,,", "out_of_range", "amount"),
        ("m1,A1,2026-01-04,1.005,P,,", "not_a_number", "amount"),
        ("m1,A1,2026-01-04,NaN,P,,", "not_a_number", "amount"),
        ("m1,A1,2026-01-04,１２,P,,", "not_a_number", "amount"),
        ("m1,A1,2026-01-04,1e3,P,,", "not_a_number", "amount"),
        ("m1,A1,2026-01-04,1,X,,", "unknown_code", "kind"),
        ("m1,A1,2026-01-04,1,P,10,", "out_of_range", "count"),
        ("m1,A1,2026-01-04,1,P,1.5,", "not_a_number", "count"),
        ("m1,A9,2026-01-04,1,P,,", "unknown_account", "account"),
        ("m1,A1,2026-01-04,0,R,,", "contradiction", "kind"),
        ("m1,A1,2026-01-04,1,P", "wrong_column_count", None),
        ('m1,A1,2026-01-04,1,P,,"x', "bad_quotes", None),
        ('m1,A1,2026-01-04,1,P,,a"b"', None, None),
        ('m1,A1,2026-01-04,1,P,,"a ""b"" c"', None, None),
        ("m1,A1,2026-01-04,1.500,P,,", None, None),
        ("m1,A1,0203-01-04,1,P,,", "not_a_date", "day"),
        ("m1,A1,2026-01-06,1,P,,", None, None),
        ("m1,A1,2026-01-07,1,P,,", "out_of_range", "day"),
        ("m1,A1,2149-01-31,1,P,,", "out_of_range", "day"),
    ],
)
def test_a_row_is_accepted_or_refused_for_a_reason(
    tmp_path: Path, workspace: Workspace, row: str, code: str | None, column: str | None
) -> None:
    moves = (MOVES_HEAD + row + "\nm9,A2,2026-01-05,7,P,,\n").encode()
    report = taken(deliver(tmp_path / "in", moves__csv=moves, moves__csv__ctl=_control_of(moves)), workspace)
    counted = next(file for file in report.files if file.file.endswith("moves.csv"))
    assert (counted.rows_in, counted.accepted, counted.quarantined) == (
        2,
        2 - (code is not None),
        int(code is not None),
    )
    assert reasons(workspace) == ([("20260105/moves.csv", 2, code, column)] if code else [])


def test_a_file_without_a_date_tells_of_nothing_after_today(tmp_path: Path, workspace: Workspace) -> None:
    today = business_date(now(), "Asia/Shanghai")
    days = [today, today + timedelta(days=2)]  # two: midnight may pass while the test runs
    undated = replace(MOVES, pattern=r"\d{8}/moves\.csv", control=None)
    source = replace(SMALL, files=(*SMALL.files[:2], undated))
    moves = MOVES_HEAD + "".join(f"m{at},A1,{day},1,P,,\n" for at, day in enumerate(days))
    taken(deliver(tmp_path / "in", moves__csv=moves.encode()), workspace, source=source)
    assert reasons(workspace) == [("20260105/moves.csv", 3, "out_of_range", "day")]
    assert [row["known_at"] for row in facts(workspace, "transaction")] == days[:1]


def test_strange_bytes_are_refused_line_by_line(tmp_path: Path, workspace: Workspace) -> None:
    moves = (
        MOVES_HEAD.encode() + b"m1,A1,2026-01-04,1,P,,\xff\xfe\nm2,A1,2026-01-04,1,P,,a\0b\nm3,A1,2026-01-04,1,P,,\n"
    )
    taken(deliver(tmp_path / "in", moves__csv=moves, moves__csv__ctl=b"rows=3 sum=1"), workspace)
    assert [reason[1:3] for reason in reasons(workspace)] == [(2, "undecodable"), (3, "undecodable")]


def test_a_quote_across_lines_is_one_row_and_lines_are_physical(tmp_path: Path, workspace: Workspace) -> None:
    text = MOVES_HEAD + 'm1,A1,2026-01-04,1,P,,"two\nlines"\n\nm2,A1,2026-01-04,1,Q,,\n'
    report = taken(deliver(tmp_path / "in", moves__csv=text.encode(), moves__csv__ctl=b"rows=2 sum=2"), workspace)
    assert [file.rows_in for file in report.files if "moves" in file.file] == [2]
    assert facts(workspace, "transaction")[0]["purpose"] == "two\nlines"
    assert reasons(workspace) == [("20260105/moves.csv", 5, "unknown_code", "kind")]


def test_a_stray_quote_swallows_one_line_only(tmp_path: Path, workspace: Workspace) -> None:
    rows = [f"m{i},A1,2026-01-04,1,P,," for i in range(200)]
    rows[7] += '"open'
    text = MOVES_HEAD + "\n".join(rows) + "\n"
    report = taken(deliver(tmp_path / "in", moves__csv=text.encode(), moves__csv__ctl=b"rows=200 sum=199"), workspace)
    assert [file.accepted for file in report.files if "moves" in file.file] == [199]
    assert reasons(workspace) == [("20260105/moves.csv", 9, "bad_quotes", None)]


def test_a_byte_order_mark_and_windows_line_ends(tmp_path: Path, workspace: Workspace) -> None:
    text = PEOPLE_HEAD + "1,王小明,,,2020-01-01,,\n2,Ann,,,2021-05-06,,\n"
    report = taken(deliver(tmp_path / "in", people__csv=text.replace("\n", "\r\n").encode("utf-8-sig")), workspace)
    assert [(file.rows_in, file.accepted) for file in report.files if "people" in file.file] == [(2, 2)]


def test_columns_may_stand_in_another_order(tmp_path: Path, workspace: Workspace) -> None:
    moves = b"kind,text,count,ref,amount,day,account\nP,tea,1,m1,12.50,2026-01-04,A1\nR,,,m2,7,2026-01-05,A2\n"
    taken(deliver(tmp_path / "in", moves__csv=moves), workspace)
    assert {row["transaction_id"] for row in facts(workspace, "transaction")} == {"small:m1", "small:m2"}


def test_torn_and_undecodable_records_of_fixed_width(tmp_path: Path, workspace: Workspace) -> None:
    content = swipes("20260105", [("s1", "6225880000001234", 500, "茶馆"), ("s2", "62258800", 1, "")], count=4)
    lines = content.split(b"\n")
    lines[3:3] = [lines[1][:40], lines[1][:-20] + b"\xff\xff" + b" " * 18]
    taken(deliver(tmp_path / "in", swipes__dat=b"\r\n".join(lines)), workspace)
    assert [reason[1:3] for reason in reasons(workspace)] == [
        (3, "not_a_number"),
        (4, "wrong_length"),
        (5, "undecodable"),
    ]
    raws = [row["raw"] for row in facts(workspace, "quarantine")]
    assert raws[0].startswith("x9       99999999 ")
    assert "6225880000001234" not in "".join(raws)


def _accounts(*rows: str) -> bytes:
    return ("account,number,opened,state\n" + "".join(f"{row},2020-01-02,O\n" for row in rows)).encode()


def _control_of(moves: bytes) -> bytes:
    """A companion that agrees with what can be read of a file."""
    total = 0.0
    lines = moves.decode().splitlines()[1:]
    for line in lines:
        fields = line.split(",")
        if len(fields) == 7 and fields[3].isascii() and fields[3].replace(".", "").lstrip("-").isdigit():
            total += float(fields[3]) if fields[3] != "1.005" and '"x' not in line else 0
    return f"rows={len(lines)} sum={total:.2f}".encode()
