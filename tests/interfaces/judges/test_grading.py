"""Claims of known quality get the grade that they deserve; what is not claimed says so."""

from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from zhike import sandbox
from zhike.core.errors import BadInput
from zhike.core.workspace import Workspace, open_workspace
from zhike.data import claims
from zhike.interfaces.judges.grading import Figure, grade
from zhike.interfaces.judges.truths import Truths

LAST = date(2026, 10, 31)


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("graded") / "bank"
    sandbox.make(folder, customers=500, months=9, seed=3, workers=1)
    return folder


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return open_workspace(tmp_path / "home")


def party(person: int) -> str:
    return f"01970000-0000-7000-8000-{person:012d}"


def rows(parties: list[str | None], subjects: list[str | None], scores: list[float]) -> pa.Table:
    columns = [pa.array(parties, pa.string()), pa.array(subjects, pa.string()), pa.array(scores, pa.float64())]
    return pa.table(columns, names=["party_id", "subject", "score"])


def claim_people(workspace: Workspace, truths: Truths, *, merged: int = 1) -> None:
    """Who is one person; with ``merged`` > 1 so many people are taken for one."""
    tokens = truths.tokens(workspace)
    parties: list[str | None] = [party(person // merged) for person in tokens["person"].to_pylist()]
    subjects = tokens["subject"].to_pylist()
    claims.write(workspace, "same_person", LAST, "test", rows(parties, subjects, [1.0] * len(parties)))


def claim_churn(workspace: Workspace, truths: Truths, score: str) -> None:
    told = truths.table("churn")
    for day in sorted(set(told["as_of"].to_pylist())):
        today = told.filter(pc.equal(told["as_of"], day))
        people = today["person"].to_pylist()
        chance = today["chance"].to_numpy()
        scores = {"oracle": chance, "upside down": 1 - chance, "hash": np.array(people) * 7919 % 1000 / 1000}[score]
        made = rows([party(person) for person in people], [None] * len(people), scores.tolist())
        claims.write(workspace, "silent_churn", day, score, made)


def found(figures: list[Figure]) -> dict[tuple[str, str], Figure]:
    return {(figure.claim, figure.figure): figure for figure in figures}


def test_nothing_claimed_says_so_beside_the_ceiling(bank, workspace):
    figures = found(grade(workspace, Truths(bank)))
    assert all(figure.value is None for figure in figures.values())
    assert figures["silent churn", "AUC"].ceiling > 0.95
    for claim in ("duplicates", "silent churn", "uplift", "cash-out", "fraud", "KPI valid_cards"):
        assert any(name.startswith(claim) for name, _ in figures), claim


def test_identity_is_graded_by_pairs(bank, workspace):
    truths = Truths(bank)
    claim_people(workspace, truths)
    whole = found(grade(workspace, truths))
    assert [whole["duplicates", name].value for name in ("precision", "recall", "F1")] == [1.0, 1.0, 1.0]
    claim_people(workspace, truths, merged=2)
    merged = found(grade(workspace, truths))
    assert merged["duplicates", "recall"].value == 1.0
    assert merged["duplicates", "precision"].value < 0.6


def test_churn_scores_are_graded_beside_the_oracle(bank, workspace):
    truths = Truths(bank)
    claim_people(workspace, truths)
    values = {}
    for score in ("oracle", "hash", "upside down"):
        claim_churn(workspace, truths, score)
        values[score] = found(grade(workspace, truths))
    best = values["oracle"]
    for name in ("AUC", "Brier", "calibration gap", "lead time, days"):
        assert best["silent churn", name].value == pytest.approx(best["silent churn", name].ceiling, abs=1e-12), name
    assert best["silent churn", "lead time, days"].value > 0
    assert values["hash"]["silent churn", "AUC"].value == pytest.approx(0.5, abs=0.15)
    assert values["upside down"]["silent churn", "AUC"].value == pytest.approx(
        1 - best["silent churn", "AUC"].value
    )  # fmt: skip
    assert values["hash"]["silent churn", "Brier"].value > best["silent churn", "Brier"].value


def test_kpis_are_graded_by_their_relative_error(bank, workspace):
    truths = Truths(bank)
    told = truths.table("key_figures").to_pylist()
    cards = sum(row["part"] for row in told if (row["as_of"], row["kpi"]) == (LAST, "valid_cards"))
    claims.write(workspace, "kpi", LAST, "test", rows([None, None], ["valid_cards", "made_up"], [cards * 1.1, 3.0]))
    figures = found(grade(workspace, truths))
    assert figures["KPI valid_cards", "relative error"].value == pytest.approx(0.1)
    assert figures["KPI made_up", "relative error"].value is None
    assert "does not tell" in figures["KPI made_up", "relative error"].note


def test_a_folder_without_truth_is_refused(tmp_path):
    with pytest.raises(BadInput, match="no whole made bank"):
        Truths(tmp_path)
