"""Decisions from raw files on: on a made bank every offer wins and is refused; on Berka real card holders get one."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import ibis
import pyarrow.parquet as pq
import pytest

from tests.data.delivering import MemoryVault, taken, workspace_at
from tests.data.shared_data import SHARED, needs
from zhike import sandbox
from zhike.core.engine import Files, Limits, duckdb_session
from zhike.core.snapshot import SnapshotStore
from zhike.core.workspace import Workspace
from zhike.data.build import VIEW, build
from zhike.decide.arbitrate import next_best_action
from zhike.decide.explain import Candidate, candidates
from zhike.decide.offers import offers
from zhike.decide.terms import DecisionSettings, unknown_consent

Decided = list[tuple[dict[str, Any], list[Candidate]]]


def decided(workspace: Workspace, as_of: date, settings: DecisionSettings) -> Decided:
    """Each customer's row of the view with all candidates, winner first."""
    build(workspace, as_of)
    store = SnapshotStore(workspace)
    (path,) = store.paths(store.current(), VIEW)
    view = pq.read_table(path)
    table = ibis.table(
        ibis.schema(dict(zip(view.schema.names, ibis.Schema.from_pyarrow(view.schema).types, strict=True))), name=VIEW
    )
    with duckdb_session({VIEW: Files(view.schema, [path])}, Limits()) as session:
        rows = session.query(next_best_action(table, settings).order_by("customer_id")).to_pylist()
    return [(one, candidates(row, "en", settings)) for one, row in zip(view.to_pylist(), rows, strict=True)]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Decided:
    folder = tmp_path_factory.mktemp("made")
    bank = sandbox.make(folder / "files", customers=900, months=2, seed=12)
    workspace = workspace_at(folder / "home")
    for source in ("made_core", "made_cards"):
        taken(folder / "files", workspace, MemoryVault(), source)
    return decided(workspace, bank.last_day, unknown_consent("refuse", "test"))


def test_every_offer_wins_for_somebody(made: Decided) -> None:
    winners = Counter(candidates[0].offer for _, candidates in made)
    assert set(winners) == set(offers.all()), winners
    for _, each in made:
        assert each[0].outcome == "won"
        assert each[0].reasons


def test_every_selling_offer_is_refused_with_named_reasons(made: Decided) -> None:
    refusals: dict[str, Counter[str]] = {name: Counter() for name in offers.all() if name != "do_nothing"}
    for _, each in made:
        for candidate in each:
            if candidate.outcome == "refused":
                assert candidate.reasons
                refusals[candidate.offer].update(reason.code for reason in candidate.reasons)
    assert all(len(codes) >= 3 for codes in refusals.values()), refusals


def test_nobody_in_arrears_or_without_consent_is_sold_to(made: Decided) -> None:
    barred = [each for view, each in made if (view["days_past_due"] or 0) > 0 or view["marketing_consent"] != "given"]
    assert len(barred) > 20
    assert {each[0].offer for each in barred} == {"do_nothing"}


@pytest.mark.parametrize("mark", [pytest.param(None, marks=needs("berka"))])
def test_real_card_holders_of_berka_get_a_decision(mark: None, tmp_path: Path) -> None:
    workspace = workspace_at(tmp_path / "home")
    taken(SHARED / "berka", workspace, MemoryVault(), "berka_loans")
    settings = unknown_consent("allow", "test")
    everybody = decided(workspace, date(1998, 12, 5), settings)
    holders = [(view, each) for view, each in everybody if view["cards_held"] > 0]
    assert len(holders) > 50
    winners = Counter(each[0].offer for _, each in holders)
    assert len(winners) >= 2, winners
    assert all(len(each) == len(offers.all()) and each[0].reasons for _, each in holders)
