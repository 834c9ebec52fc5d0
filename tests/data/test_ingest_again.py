"""The same files again, renamed, repacked, killed and restarted: one clean load's end state, always."""

import gzip
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from delivering import MOVES_HEAD, PEOPLE_HEAD, SMALL, MemoryVault, deliver, facts, reasons, swipes, taken, workspace_at

from zhike.core.errors import Conflict
from zhike.core.snapshot import SnapshotStore
from zhike.core.workspace import Workspace
from zhike.data.ingest import merge, staging
from zhike.data.ingest import repeats as looking_back

HERE = Path(__file__).parent
_FROM_ANYWHERE = replace(SMALL, files=tuple(replace(one, pattern=r"(.*/)?" + one.pattern) for one in SMALL.files))
FAILPOINTS = ("load.chunk_staged", "load.facts_written", "load.vault_written", "load.manifest_written")


def test_the_same_folder_again_is_nothing_new(tmp_path: Path) -> None:
    workspace, folder = workspace_at(tmp_path / "home"), deliver(tmp_path / "in")
    first, again = taken(folder, workspace), taken(folder, workspace)
    assert again.snapshot == first.snapshot
    assert all(file.already for file in again.files)
    assert [(file.rows_in, file.accepted) for file in again.files] == [(f.rows_in, f.accepted) for f in first.files]


def test_renamed_and_repacked_is_nothing_new(tmp_path: Path) -> None:
    workspace, folder = workspace_at(tmp_path / "home"), deliver(tmp_path / "in")
    first = taken(folder, workspace)
    people = folder / "20260105/people.csv"
    people.with_suffix(".csv.gz").write_bytes(gzip.compress(people.read_bytes()))
    people.unlink()
    (folder / "sent").mkdir()
    (folder / "20260105").rename(folder / "sent/20260105")
    again = taken(folder, workspace, source=_FROM_ANYWHERE)
    assert again.snapshot == first.snapshot
    assert [file.file for file in again.files if file.already] == [
        "sent/20260105/people.csv.gz", "sent/20260105/accounts.csv", "sent/20260105/moves.csv",
        "sent/20260105/swipes.dat",
    ]  # fmt: skip


def test_a_full_extract_may_return_to_what_it_said_before(tmp_path: Path) -> None:
    """A, B, A on three days: the third is the same content as the first, of another day."""
    workspace = workspace_at(tmp_path / "home")
    for day, born in (("20260105", "1990-01-01"), ("20260106", "1991-01-01"), ("20260107", "1990-01-01")):
        people = f"{PEOPLE_HEAD}1,A,,{born},2020-01-01,,\n2,B,,,2021-05-06,,\n"
        report = taken(deliver(tmp_path / day, day, people__csv=people.encode()), workspace)
        assert not any(file.already for file in report.files)
    versions = [row for row in facts(workspace, "party") if row["birth_date"]]
    told = {row["known_from"].day: row["birth_date"].year for row in versions}
    assert told == {5: 1990, 6: 1991, 7: 1990}


def test_one_delivery_or_day_by_day_gives_the_same_rows(tmp_path: Path) -> None:
    """Full extracts repeat yesterday's customers: only what changed is a new version."""
    together, daily = workspace_at(tmp_path / "a"), workspace_at(tmp_path / "b")
    for day in ("20260105", "20260106"):
        moves = MOVES_HEAD + f"m{day},A1,2026-01-04,12.50,P,1,\n"
        people = "number,name,paper,born,since,note,score\n1,王小明,ID1,1980-02-29,2020-01-01,,\n" + (
            "2,Ann,ID2,1990-01-01,2021-05-06,,\n" if day > "20260105" else "2,Ann,ID2,,2021-05-06,,\n"
        )
        changed = {"people__csv": people.encode(), "moves__csv": moves.encode(), "moves__csv__ctl": b"rows=1 sum=12.50"}
        card = swipes(day, [(f"s{day[2:]}", "6225880000001234", 500, "")])
        deliver(tmp_path / "in", day, swipes__dat=card, **changed)
        deliver(tmp_path / day, day, swipes__dat=card, **changed)
        taken(tmp_path / day, daily)
    taken(tmp_path / "in", together)
    tables = SnapshotStore(together).current().tables
    assert tables.keys() == SnapshotStore(daily).current().tables.keys()
    for table in tables:
        ordered = [sorted(facts(one, table), key=str) for one in (together, daily)]
        assert ordered[0] == ordered[1], table
    assert [len(facts(daily, table)) for table in ("party", "account", "party_key", "transaction")] == [3, 2, 4, 2]


def _moved(folder: Path, day: str, workspace: Workspace, *rows: str) -> tuple[int, int]:
    """Delivers moves and loads them -> accepted, quarantined."""
    total = sum(float(row.split(",")[3]) for row in rows)
    control = f"rows={len(rows)} sum={total:.2f}".encode()
    moves = (MOVES_HEAD + "\n".join(rows) + "\n").encode()
    report = taken(deliver(folder, day, moves__csv=moves, moves__csv__ctl=control), workspace)
    (counted,) = (file for file in report.files if file.file == f"{day}/moves.csv")
    return counted.accepted, counted.quarantined


@pytest.mark.parametrize("together", [4, 1_000_000])
def test_rows_of_a_month_lie_by_account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, together: int) -> None:
    """Then by day and key; a month too large to be taken at once is cut between accounts."""
    monkeypatch.setattr(merge, "_TOGETHER_ROWS", together)
    monkeypatch.setattr(staging, "PART_ROWS", max(1, together // 2))
    workspace = workspace_at(tmp_path / "home")
    days = [f"2026-01-0{1 + at % 3}" for at in range(6)] + [f"2025-12-0{1 + at % 3}" for at in range(6)]
    rows = [f"m{at:02},A{1 + at % 2},{day},1,P,," for at, day in enumerate(days)]
    assert _moved(tmp_path / "a", "20260105", workspace, *rows) == (12, 0)
    store = SnapshotStore(workspace)
    parts = [pq.read_table(path).to_pylist() for path in store.paths(store.current(), "transaction")]
    assert sum(map(len, parts)) == 12
    assert len(parts) == (2 if together > 12 else 4)
    for part in parts:
        order = [(row["account_id"], row["business_date"], row["transaction_id"]) for row in part]
        assert order == sorted(order)
        assert len({row["business_date"].month for row in part}) == 1
        assert together > 12 or len({row["account_id"] for row in part}) == 1


def _refused_moves(workspace: Workspace) -> list[tuple[int, str]]:
    return [(line, code) for file, line, code, _ in reasons(workspace) if file.endswith("moves.csv")]


def test_an_event_told_again_is_nothing_new_and_told_otherwise_is_refused(tmp_path: Path) -> None:
    workspace = workspace_at(tmp_path / "home")
    first = "m1,A1,2026-01-04,12.50,P,1,tea"
    assert _moved(tmp_path / "a", "20260105", workspace, first, first, "m1,A1,2026-01-04,12.50,P,1,again") == (2, 1)
    assert reasons(workspace) == [("20260105/moves.csv", 4, "contradicts_earlier", None)]

    other = "m1,A1,2026-01-04,13.50,P,1,tea"
    assert _moved(tmp_path / "b", "20260106", workspace, "m0,A1,2026-01-04,1,P,1,", first, other) == (2, 1)
    assert {row["transaction_id"] for row in facts(workspace, "transaction")} == {"small:m1", "small:m0"}
    assert len(facts(workspace, "transaction")) == 2
    assert _refused_moves(workspace) == [(4, "contradicts_earlier"), (4, "contradicts_earlier")]


def test_a_key_is_accepted_once_whatever_its_month(tmp_path: Path) -> None:
    """In one load or in two, and however months are taken together."""
    rows = ["m1,A1,2026-01-04,12.50,P,1,", "m1,A1,2025-11-04,12.50,P,1,"]
    for name, deliveries in (("one", [rows]), ("two", [rows[:1], rows[1:]])):
        workspace = workspace_at(tmp_path / name)
        counted = [
            _moved(tmp_path / f"{name}{day}", f"2026010{day}", workspace, *part)
            for day, part in enumerate(deliveries, 5)
        ]
        assert [sum(numbers) for numbers in zip(*counted, strict=True)] == [1, 1], name
        assert [row["business_date"].year for row in facts(workspace, "transaction")] == [2026], name
        assert [code for _, code in _refused_moves(workspace)] == ["contradicts_earlier"], name


def test_repeats_are_found_in_several_passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """More rows than are taken at once: the same is found."""
    monkeypatch.setattr(looking_back, "_PASS_ROWS", 7)
    workspace = workspace_at(tmp_path / "home")
    rows = [f"m{number % 20},A1,2026-01-0{1 + number % 2},{1 + number // 30},P,," for number in range(40)]
    assert _moved(tmp_path / "a", "20260105", workspace, *rows) == (30, 10)
    assert len(facts(workspace, "transaction")) == 20


@pytest.mark.parametrize("days", [(5, 6, 7, 8), (5, 7, 8, 6), (5, 8, 6, 7), (7, 6, 8, 5), (8, 7, 6, 5)])
def test_a_daily_extract_that_arrives_late_takes_its_place(tmp_path: Path, days: tuple[int, ...]) -> None:
    """A, B, A, A on four days, loaded in any order: A is true now, and B was on the second.

    From when on A was true again is known by the last confirmation only, so the third day is not asked for.
    """
    workspace = workspace_at(tmp_path / "home")
    source = replace(SMALL, files=(SMALL.files[0],))
    for day in days:
        folder = tmp_path / f"2026010{day}"
        folder.mkdir()
        born = "1991-01-01" if day == 6 else "1990-01-01"
        (folder / "people.csv").write_text(f"{PEOPLE_HEAD}1,A,,{born},2020-01-01,,\n2,B,,,2021-05-06,,\n")
        taken(tmp_path, workspace, source=source)
    versions = [row for row in facts(workspace, "party") if row["birth_date"]]
    for as_of, year in ((5, 1990), (6, 1991), (8, 1990)):
        seen = [row for row in versions if row["valid_from"].day <= as_of]
        assert max(seen, key=lambda row: row["valid_from"])["birth_date"].year == year, (as_of, versions)


def test_the_vault_keeps_the_name_known_last(tmp_path: Path) -> None:
    """Whichever file is loaded first."""
    for days in (("20260105", "20260106"), ("20260106", "20260105")):
        workspace, vault = workspace_at(tmp_path / days[0]), MemoryVault()
        for day in days:
            people = f"{PEOPLE_HEAD}1,Name of {day},,,2020-01-01,,\n2,B,,,2021-05-06,,\n"
            taken(deliver(tmp_path / f"in-{days[0]}-{day}", day, people__csv=people.encode()), workspace, vault)
        assert {value for value in vault.kept.values() if "Name" in value} == {"Name of 20260106"}


def test_two_versions_of_one_day_contradict(tmp_path: Path) -> None:
    """The first stays; what the refused row says of a person stays out of the vault, too."""
    workspace, vault = workspace_at(tmp_path / "home"), MemoryVault()
    people = (
        "number,name,paper,born,since,note,score\n1,A,,1980-01-01,2020-01-01,,\n1,A,,1980-01-01,2020-01-01,,\n"
        "1,B,,1981-01-01,2020-01-01,,\n2,C,,,2021-05-06,,\n"
    )
    taken(deliver(tmp_path / "in", people__csv=people.encode()), workspace, vault)
    assert reasons(workspace) == [("20260105/people.csv", 4, "duplicate_key", None)]
    assert "B" not in vault.kept.values()
    assert len(facts(workspace, "party")) == 2


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, str]:
    """A delivery of two days, a workspace that took it in at once, and what that printed."""
    place = tmp_path_factory.mktemp("clean")
    for day in ("20260105", "20260106"):
        deliver(place / "in", day, moves__csv__ctl=b"rows=2 sum=19.50")
    loaded = _run(place / "home", place / "in")
    assert loaded.returncode == 0, loaded.stderr
    return place / "in", place / "home", loaded.stdout


@pytest.mark.parametrize("point", FAILPOINTS[1:])
def test_killed_and_started_again(tmp_path: Path, clean: tuple[Path, Path, str], point: str) -> None:
    folder, home, printed = clean
    assert _run(tmp_path / "killed", folder, point).returncode == -signal.SIGKILL
    assert not (tmp_path / "killed/CURRENT").exists(), "nothing is published before the last step"
    assert _run(tmp_path / "killed", folder).stdout == printed
    assert _files(tmp_path / "killed") == _files(home)
    assert not any((tmp_path / "killed/staging").iterdir())


def test_killed_after_each_chunk(tmp_path: Path, clean: tuple[Path, Path, str]) -> None:
    """Killed again and again, each time one chunk further: every chunk is staged once."""
    folder, home, printed = clean
    for run in range(1, 4):
        assert _run(tmp_path / "killed", folder, FAILPOINTS[0]).returncode == -signal.SIGKILL
        assert len(list((tmp_path / "killed/staging").glob("*/*.json"))) == run
    assert _run(tmp_path / "killed", folder).stdout == printed
    assert _files(tmp_path / "killed") == _files(home)


def test_changed_files_start_anew(tmp_path: Path) -> None:
    folder = deliver(tmp_path / "in")
    assert _run(tmp_path / "home", folder, "load.chunk_staged").returncode == -signal.SIGKILL
    shutil.rmtree(folder)
    deliver(folder, "20260107")
    assert _run(tmp_path / "home", folder).returncode == 0
    assert not any((tmp_path / "home/staging").iterdir())


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    workspace, folder = workspace_at(tmp_path / "home"), deliver(tmp_path / "in")
    with workspace.writer(), pytest.raises(Conflict, match="Another Zhike process is writing"):
        taken(folder, workspace)


def _run(home: Path, folder: Path, failpoint: str = "") -> subprocess.CompletedProcess[str]:
    workspace_at(home)
    environment = {**os.environ, "ZHIKE_FAILPOINT": failpoint, "PYTHONPATH": str(HERE)}
    command = [sys.executable, str(HERE / "load_once.py"), str(home), str(folder)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


def _files(home: Path) -> dict[str, bytes]:
    kept = [path for part in ("facts", "snapshots") for path in (home / part).rglob("*") if path.is_file()]
    kept = [path for path in kept if not path.name.startswith(".")]
    return {path.relative_to(home).as_posix(): path.read_bytes() for path in kept}
