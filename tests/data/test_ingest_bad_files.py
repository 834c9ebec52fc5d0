"""A file that is unusable as a whole: one line that says what, where and what to do; nothing loaded, no trace left."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from delivering import MOVES_HEAD, deliver, swipes, taken, workspace_at

from zhike.core.errors import BadInput, ZhikeError
from zhike.core.snapshot import SnapshotStore
from zhike.core.workspace import Workspace

SWIPES = swipes("20260105", [("s1", "6225880000001234", 500, "")])
PEOPLE = b"number,name,paper,born,since,note,score\n1,A,,,2020-01-01,,\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """With a last good snapshot of one day."""
    opened = workspace_at(tmp_path / "home")
    taken(deliver(tmp_path / "before", "20260104", moves__csv=None, swipes__dat=None), opened)
    return opened


def _refused(workspace: Workspace, folder: Path, *words: str) -> None:
    before = SnapshotStore(workspace).current_id()
    files = {path: path.stat().st_mtime_ns for path in workspace.facts.rglob("*")}
    with pytest.raises(ZhikeError) as fault:
        taken(folder, workspace)
    message = str(fault.value)
    assert "\n" not in message
    assert len(message) < 600
    for word in words:
        assert word in message, message
    assert SnapshotStore(workspace).current_id() == before
    assert {path: path.stat().st_mtime_ns for path in workspace.facts.rglob("*")} == files
    assert not any(workspace.staging.iterdir())


def test_no_folder(tmp_path: Path, workspace: Workspace) -> None:
    _refused(workspace, tmp_path / "nowhere", "nowhere", "no such folder")


def test_unknown_source(tmp_path: Path, workspace: Workspace) -> None:
    with pytest.raises(ZhikeError, match=r"Unknown source 'bank'\. There are: .*berka"):
        taken(tmp_path, workspace, source="bank")


def test_another_currency(tmp_path: Path, workspace: Workspace) -> None:
    with pytest.raises(BadInput, match="berka is in CZK, but this workspace reports in CNY"):
        taken(tmp_path, workspace, source="berka")


FILES: dict[str, tuple[dict[str, bytes | None], tuple[str, ...]]] = {
    "missing file": ({"people__csv": None}, ("people file of small is missing", "people\\.csv")),
    "empty": ({"people__csv": b""}, ("20260105/people.csv", "is empty")),
    "blank": ({"people__csv": b"\n \r\n"}, ("20260105/people.csv", "is empty")),
    "missing columns": (
        {"people__csv": b"number,name,born,since,notes\n1,A,,,\n"},
        ("missing columns 'paper', 'note', 'score'", "unknown columns 'notes'", "Expected number, name"),
    ),
    "repeated column": (
        {"people__csv": b"number,name,name,paper,born,since,note,score\n1,A,A,,,,,\n"}, ("repeated columns 'name'",)
    ),
    "100,000 columns": (
        {"people__csv": ",".join(f"c{i}" for i in range(100_000)).encode() + b"\n"},
        ("unknown columns 'c0'", "99,995 more"),
    ),
    "utf-16": ({"people__csv": PEOPLE.decode().encode("utf-16")}, ("people.csv", "UTF-16", "expected utf-8")),
    "CR only": ({"people__csv": PEOPLE.replace(b"\n", b"\r")}, ("people.csv", "LF or CRLF")),
    "one endless line": ({"people__csv": PEOPLE + b"x" * (17 << 20)}, ("people.csv", "longer than 4 MiB")),
    "another encoding": ({"people__csv": "编号,姓名\n".encode("gb18030")}, ("first line is not utf-8",)),
    "quotes in the header": ({"people__csv": b'number,"name\n1,A\n'}, ("no header of columns",)),
    "trailer missing": (
        {"swipes__dat": SWIPES.rsplit(b"T", 1)[0]}, ("swipes.dat", "without its trailer", "fetch it again")
    ),
    "half-written": ({"swipes__dat": SWIPES[:60]}, ("swipes.dat", "half-written")),
    "half a trailer": ({"swipes__dat": SWIPES[:-6]}, ("swipes.dat", "half-written")),
    "wrong count": (
        {"swipes__dat": SWIPES.replace(b"T00000001", b"T00000002")},
        ("says 2 rows, the file holds 1", "nothing was loaded"),
    ),
    "wrong sum": (
        {"swipes__dat": SWIPES.replace(b"00000000500\n", b"00000000501\n")}, ("says 5.01 CNY, the file holds 5.00 CNY",)
    ),
    "no header": ({"swipes__dat": SWIPES[SWIPES.index(b"\n") + 1 :]}, ("is not the header of swipes",)),
    "companion missing": ({"moves__csv__ctl": None}, ("moves.csv.ctl is missing", "fetch both")),
    "companion nonsense": ({"moves__csv__ctl": b"?"}, ("moves.csv.ctl", "does not say how many rows")),
    "companion disagrees": ({"moves__csv__ctl": b"rows=2 sum=19.51"}, ("says 19.51 CNY, the file holds 19.50 CNY",)),
    "an unreadable amount": (
        {"moves__csv": (MOVES_HEAD + "m1,A1,2026-01-04,12.5O,P,1,tea\nm2,A2,2026-01-05,7,R,,\n").encode()},
        ("moves.csv: 1 row has no readable amount (line 2), so the control sum cannot", "nothing was loaded"),
    ),
    "two unreadable amounts": (
        {"moves__csv": (MOVES_HEAD + "m1,A1,2026-01-04,x,P,1,tea\nm2,A2\n").encode()},
        ("2 rows have no readable amount (the first in line 2)",),
    ),
    "a row is missing": ({"moves__csv": MOVES_HEAD.encode() + b"m1,A1,2026-01-04,12.50,P,1,tea\n"}, ("says 2 rows",)),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_unusable_file(tmp_path: Path, workspace: Workspace, name: str) -> None:
    changed, words = FILES[name]
    _refused(workspace, deliver(tmp_path / "in", **changed), *words)


@pytest.mark.parametrize(
    "harm",
    [
        lambda packed: packed[:-9], lambda packed: packed[: len(packed) // 2], lambda _: PEOPLE,
        lambda packed: packed[:30] + b"\xff\xff" + packed[32:],
    ],
    ids=["cut off", "halved", "not packed", "bit flips"],
)  # fmt: skip
def test_broken_archive(tmp_path: Path, workspace: Workspace, harm: Callable[[bytes], bytes]) -> None:
    folder = deliver(tmp_path / "in", people__csv=None)
    (folder / "20260105/people.csv.gz").write_bytes(harm(gzip.compress(PEOPLE * 50, mtime=0)))
    _refused(workspace, folder, "people.csv.gz", "damaged")


def test_a_date_in_the_path_that_is_none(tmp_path: Path, workspace: Workspace) -> None:
    _refused(workspace, deliver(tmp_path / "in", "20260231"), "20260231 in its name is no date")


def test_two_faults_do_not_hide_the_good_snapshot(tmp_path: Path, workspace: Workspace) -> None:
    """What was loaded before is still read after a refusal, and a corrected delivery loads."""
    _refused(workspace, deliver(tmp_path / "in", moves__csv__ctl=b"rows=3 sum=0"))
    report = taken(deliver(tmp_path / "in"), workspace)
    assert [(file.accepted, file.quarantined) for file in report.files] == [(2, 0)] * 4
