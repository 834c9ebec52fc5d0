import hashlib
import json
from datetime import date
from pathlib import Path

import pytest

from zhike import sandbox
from zhike.core.errors import BadInput
from zhike.sandbox.parameters import Parameters


def _digests(bank: Path) -> dict[str, str]:
    files = sorted(path for path in bank.rglob("*") if path.is_file())
    return {str(path.relative_to(bank)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _make(bank: Path, **changes: object) -> sandbox.Made:
    return sandbox.make(bank, **{"customers": 60, "months": 1, "seed": 1, **changes})


def test_same_seed_same_bytes_other_seed_other_bank(tmp_path):
    first, again = _make(tmp_path / "a"), _make(tmp_path / "b")
    other = _make(tmp_path / "c", seed=2)
    assert first == again
    assert _digests(tmp_path / "a") == _digests(tmp_path / "b")
    customers = "cards/20261001/customer.dat"
    assert _digests(tmp_path / "a")[customers] != _digests(tmp_path / "c")[customers]
    assert other.seed == 2


def test_a_bigger_bank_keeps_the_first_people(tmp_path):
    """Chance depends on the person, not on how many there are."""
    _make(tmp_path / "a"), _make(tmp_path / "b", customers=90)
    small, big = ((tmp_path / name / "core/20261001/customer.csv").read_text().splitlines() for name in "ab")
    assert set(small) <= set(big)


def test_summary_equals_the_folder(tmp_path):
    made = _make(tmp_path / "a")
    files = [path for path in (tmp_path / "a").glob("*/2*/*") if path.is_file()]
    assert made.files == len(files)
    assert made.bytes == sum(path.stat().st_size for path in files)
    assert (made.first_day, made.last_day) == (date(2026, 10, 1), date(2026, 10, 31))
    assert sandbox.found(tmp_path / "a") == made
    assert json.loads((tmp_path / "a/bank.json").read_text())["last_day"] == "2026-10-31"


def test_days_of_months_and_end(tmp_path):
    made = _make(tmp_path / "a", customers=10, months=2, end=date(2024, 2, 29))
    assert (made.first_day, made.last_day) == (date(2024, 1, 1), date(2024, 2, 29))
    assert len(list((tmp_path / "a/cards").iterdir())) == 60


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"customers": 9}, "10 to 1,600,000"),
        ({"customers": 10**9}, "10 to 1,600,000"),
        ({"months": 0}, "1 to 60"),
        ({"months": 61}, "1 to 60"),
        ({"seed": -1}, "0 to"),
        ({"end": date(2050, 1, 31)}, "2035-12-31"),
        ({"end": date(2026, 5, 28)}, "at month end"),
    ],
)
def test_impossible_parameters_are_refused_with_the_range(tmp_path, changes, named):
    with pytest.raises(BadInput, match=named):
        _make(tmp_path / "a", **changes)
    assert not (tmp_path / "a").exists()


def test_a_folder_with_other_files_is_never_touched(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(BadInput, match="not empty"):
        _make(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_foreign_file_beside_a_made_bank_stops_a_new_one(tmp_path):
    _make(tmp_path)
    (tmp_path / "notes.txt").write_text("mine")
    before = _digests(tmp_path)
    with pytest.raises(BadInput, match="not empty"):
        _make(tmp_path, seed=2)
    assert _digests(tmp_path) == before


def test_a_bank_json_of_somebody_else_is_not_ours(tmp_path):
    (tmp_path / "bank.json").write_text('{"made_by": "me"}')
    with pytest.raises(BadInput, match="no made bank"):
        _make(tmp_path)


@pytest.mark.parametrize("workers", [2, 3])
def test_any_number_of_workers_makes_the_same_bytes(tmp_path, workers):
    """12,000 people are three blocks."""
    bank = {"customers": 12_000, "months": 1, "end": date(2026, 1, 31), "seed": 9}
    one = _make(tmp_path / "a", **bank, workers=1)
    assert _make(tmp_path / "b", **bank, workers=workers) == one
    assert _digests(tmp_path / "a") == _digests(tmp_path / "b")


def test_a_bank_that_is_stepped_writes_the_files_of_a_made_one(tmp_path):
    _make(tmp_path / "a", customers=5_200, end=date(2026, 1, 31))
    parameters = Parameters(customers=5_200, months=1, seed=1, end=date(2026, 1, 31))
    bank = sandbox.Bank(parameters, tmp_path / "b")
    for day in range(parameters.first_day, parameters.first_day + 4):
        bank.step(day)
    made, stepped = _digests(tmp_path / "a"), _digests(tmp_path / "b")
    assert len(stepped) > 30
    assert stepped.items() <= made.items()


def _stopping(what: str, at: int):
    def stop(told: str, done: int, _of: int) -> None:
        if told == what and done >= at:
            raise KeyboardInterrupt

    return stop


@pytest.mark.parametrize(("what", "at"), [("people", 1), ("days", 31), ("files", 7)])
def test_an_interrupted_bank_is_gone_on_with(tmp_path, what, at):
    """Blocks that were lived through are not lived again, days that were joined are not joined again."""
    with pytest.raises(KeyboardInterrupt):
        _make(tmp_path / "a", customers=5_200, workers=1, progress=_stopping(what, at))
    assert sandbox.found(tmp_path / "a") is None
    lived = {path: path.stat().st_mtime_ns for path in tmp_path.glob("a/parts/*/done")}
    assert len(lived) == {"people": 0, "days": 1, "files": 2}[what]
    joined = {path: path.stat().st_mtime_ns for path in tmp_path.glob("a/cards/*/txn.dat")}
    assert len(joined) == {"people": 0, "days": 0, "files": 7}[what]
    again = _make(tmp_path / "a", customers=5_200, workers=1, progress=_unchanged(lived | joined))
    assert again == _make(tmp_path / "b", customers=5_200)
    assert _digests(tmp_path / "a") == _digests(tmp_path / "b")


def _unchanged(stood: dict[Path, int]):
    def look(_what: str, _done: int, _of: int) -> None:
        assert {path: path.stat().st_mtime_ns for path in stood} == stood

    return look


def test_an_interrupted_bank_gives_way_to_another(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        _make(tmp_path / "a", progress=_stopping("files", 3))
    _make(tmp_path / "a", seed=2)
    _make(tmp_path / "b", seed=2)
    assert _digests(tmp_path / "a") == _digests(tmp_path / "b")


def test_progress_is_told_to_the_end(tmp_path):
    heard: list[tuple[str, int, int]] = []
    _make(tmp_path / "a", progress=lambda what, done, of: heard.append((what, done, of)))
    assert heard[0] == ("people", 0, 1)
    assert ("days", 31, 31) in heard
    assert heard[-1] == ("files", 31, 31)
