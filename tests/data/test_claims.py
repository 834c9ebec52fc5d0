"""Claims are written idempotently, each kind and day a file, and nothing but numbers may be a score."""

from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from zhike.core.errors import BadInput
from zhike.core.workspace import Workspace, open_workspace
from zhike.data import claims

DAY = date(2026, 6, 30)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return open_workspace(tmp_path / "home")


def rows(*scores: float | None) -> pa.Table:
    party = [f"01970000-0000-7000-8000-{place:012d}" for place in range(len(scores))]
    subject = pa.array([None] * len(scores), pa.string())
    return pa.table({"party_id": party, "subject": subject, "score": pa.array(scores, pa.float64())})


def test_the_same_claims_change_nothing(workspace):
    first = claims.write(workspace, "silent_churn", DAY, "model 1", rows(0.1, 0.9))
    assert (first.rows, first.fresh) == (2, True)
    path = workspace.home / "claims" / "silent_churn" / "2026-06-30.parquet"
    before = path.read_bytes(), path.stat().st_mtime_ns
    turned = rows(0.1, 0.9).take([1, 0])
    assert not claims.write(workspace, "silent_churn", DAY, "model 1", turned).fresh, "in whatever order"
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert claims.write(workspace, "silent_churn", DAY, "model 2", rows(0.2)).fresh
    assert claims.read(workspace, "silent_churn").num_rows == 1, "a day is written anew, not added to"
    assert path.stat().st_mode & 0o777 == 0o600


def test_days_and_kinds_stand_beside_each_other(workspace):
    claims.write(workspace, "silent_churn", date(2026, 7, 31), "m", rows(0.3))
    claims.write(workspace, "silent_churn", DAY, "m", rows(0.1, 0.2))
    claims.write(workspace, "kpi", DAY, "m", rows(5.0))
    assert claims.days(workspace, "silent_churn") == [DAY, date(2026, 7, 31)]
    found = claims.read(workspace, "silent_churn")
    assert found["score"].to_pylist() == [0.1, 0.2, 0.3]
    assert found.schema == claims.SCHEMA
    assert claims.read(workspace, "fraud").num_rows == 0


@pytest.mark.parametrize("score", [None, float("nan")])
def test_a_score_is_a_number(workspace, score):
    with pytest.raises(BadInput, match="no number"):
        claims.write(workspace, "fraud", DAY, "m", rows(0.5, score))
    assert claims.days(workspace, "fraud") == []


def test_only_known_kinds_are_claimed(workspace):
    with pytest.raises(BadInput, match="same_person"):
        claims.write(workspace, "fortune", DAY, "m", rows(0.5))  # type: ignore[arg-type]
