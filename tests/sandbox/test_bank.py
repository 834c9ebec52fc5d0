import hashlib
import json
from datetime import date
from pathlib import Path

import pytest

from zhike import sandbox
from zhike.core.errors import BadInput


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
    files = [path for path in (tmp_path / "a").rglob("*") if path.is_file() and path.name != "bank.json"]
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
        ({"customers": 9}, "10 to 2,000,000"),
        ({"customers": 10**9}, "10 to 2,000,000"),
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


def test_an_interrupted_bank_is_made_anew(tmp_path):
    def stop(what: str, done: int, _of: int) -> None:
        if what == "days" and done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _make(tmp_path / "a", progress=stop)
    assert sandbox.found(tmp_path / "a") is None
    _make(tmp_path / "a")
    _make(tmp_path / "b")
    assert _digests(tmp_path / "a") == _digests(tmp_path / "b")


def test_progress_is_told_to_the_end(tmp_path):
    heard: list[tuple[str, int, int]] = []
    _make(tmp_path / "a", progress=lambda what, done, of: heard.append((what, done, of)))
    assert heard[0] == ("people", 0, 1)
    assert heard[-1] == ("days", 31, 31)
