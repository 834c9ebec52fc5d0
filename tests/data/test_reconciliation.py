"""Statements tie to movements to the cent, on a made bank but for its broken rows; what does not tie is named."""

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from delivering import MemoryVault, taken, workspace_at

from tests.data.kpi_brute_force import sums as by_hand
from tests.data.test_kpis_brute_force import session_of
from tests.sandbox.made import rows as made_rows
from zhike import sandbox
from zhike.core.snapshot import SnapshotStore
from zhike.core.workspace import Workspace
from zhike.data import quarantine
from zhike.data.build import open_session
from zhike.data.kpis import kpis
from zhike.data.measuring import added, by_branch, facts_in
from zhike.data.reconciliation import Tie, reconcile, untied
from zhike.data.tables import TABLES
from zhike.interfaces.judges.truths import Truths
from zhike.interfaces.judges.tying import not_told
from zhike.interfaces.judges.tying import tie as tie_to_truth
from zhike.sandbox import layouts

DAY = date(2026, 6, 30)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bank") / "files"


@pytest.fixture(scope="module")
def made(files: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, date]:
    folder: Path = tmp_path_factory.mktemp("made")
    bank = sandbox.make(files, customers=400, months=5, seed=6)
    workspace = workspace_at(folder / "home")
    for source in ("made_core", "made_cards", "made_callcentre"):
        taken(files, workspace, MemoryVault(), source)
    return workspace, bank.last_day


def rows_of(workspace: Workspace, *tables: str) -> dict[str, list[dict[str, Any]]]:
    store = SnapshotStore(workspace)
    manifest = store.current()
    return {name: [row for path in store.paths(manifest, name) for row in pa.parquet.read_table(path).to_pylist()]
            for name in tables}  # fmt: skip


def test_every_kpi_of_the_made_bank_equals_plain_python(made: tuple[Workspace, date]) -> None:
    workspace, day = made
    expected = by_hand(rows_of(workspace, *TABLES), day)
    store = SnapshotStore(workspace)
    with open_session(store, store.current()) as session:
        found = {name: added(pieces) for name, pieces in by_branch(session, kpis, facts_in(session, day)).items()}
    for kpi in kpis:
        sums = found[kpi.name]
        assert (sums.part or 0, (sums.whole or 0) if kpi.quotient else None) == expected[kpi.name], kpi.name
    assert sum(bool(part) for part, _ in expected.values()) > 35


def test_every_kpi_ties_to_the_truth(made: tuple[Workspace, date], files: Path) -> None:
    """To the cent and to the card, of three month ends, each as known then; what files cannot tell is the whole gap."""
    workspace, last = made
    figures = Truths(files).table("key_figures")
    store = SnapshotStore(workspace)
    days = (last, date(2026, 8, 31), date(2026, 7, 31))
    with open_session(store, store.current()) as session:
        for day in days:
            found = by_branch(session, kpis, facts_in(session, day))
            claimed = {kpi.name: kpi.value(added(found[kpi.name])) for kpi in kpis}
            ties = tie_to_truth(figures, day, claimed)
            assert {each.kpi for each in ties} | {name for name, _ in not_told(figures)} == set(kpis.all())
            wrong = {each.kpi: (each.claimed, each.told) for each in ties if each.left}
            assert not wrong, f"{day}: claimed and what the files tell"
            whole = {each.kpi: each for each in ties}
            assert all(whole[name].true for name in ("spend_30d", "receivables", "net_interest_income_30d"))
            assert abs(whole["receivables"].explained) < 0.01 * (whole["receivables"].true or 0)
            exact = [each.kpi for each in ties if each.claimed == each.true]
            assert len(exact) > 25, "most are the true figure itself"
    assert len(not_told(figures)) == 4


def test_the_made_bank_ties_but_for_its_broken_rows(made: tuple[Workspace, date], files: Path) -> None:
    """What is posted twice by mistake and taken back after the statement leaves two statements that do not tie."""
    workspace, day = made
    store = SnapshotStore(workspace)
    with open_session(store, store.current()) as session:
        ties = reconcile(session, facts_in(session, day))
    rows = rows_of(workspace, quarantine.TABLE)[quarantine.TABLE]
    broken = [row for row in rows if row["code"] != "wrong_length"]  # a torn line is an extra one
    assert all(tie.rows > 500 for tie in ties)
    taken_back = [row for row in made_rows(files, layouts.TXN) if row["type"] in ("1009", "3009")]
    assert 0 < len(list(untied(ties))) <= len(broken) + 2 * len(taken_back)
    for tie in ties:
        assert tie.told - tie.explained == sum(row.difference for row in tie.untied)


def movement(name: str, kind: str, day: int, cents: int) -> dict[str, Any]:
    return {"account_id": 1, "amount_cents": cents, "currency": "CNY", "direction": "debit", "kind": kind,
            "source": "t", "business_date": date(2026, 5, day), "known_at": date(2026, 5, day),
            "customer_initiated": True, name: f"{kind}{day}"}  # fmt: skip


def statement(month: int, cents: int, paid: int) -> dict[str, Any]:
    day = date(2026, month, 28)
    return {"statement_id": f"s{month}", "account_id": 1, "balance_cents": cents, "paid_cents": paid, "source": "t",
            "currency": "CNY", "business_date": day, "known_at": day}  # fmt: skip


def ties_of(closing: int, paid: int = 500) -> dict[str, Tie]:
    opened, april = date(2025, 1, 1), date(2026, 4, 1)
    account = {"account_id": 1, "kind": "credit", "status": "open", "opened_on": opened, "source": "t",
               "valid_from": opened, "known_from": opened, "currency": "CNY"}  # fmt: skip
    refund = movement("transaction_id", "refund", 6, 40) | {"direction": "credit"}
    first = movement("transaction_id", "purchase", 1, 9) | {"business_date": april, "known_at": april}
    rows = {
        "account": [account],
        "transaction": [first, movement("transaction_id", "purchase", 5, 1_000), refund,
                        movement("transaction_id", "cash_advance", 7, 300)],
        "posting": [movement("posting_id", "interest", 8, 11), movement("posting_id", "annual_fee", 9, 22),
                    movement("posting_id", "late_fee", 10, 5)],
        "payment": [movement("payment_id", "payment", 11, 500)],
        "statement": [statement(4, 2_000, 0), statement(5, closing, paid)],
    }  # fmt: skip
    with session_of(rows) as session:
        return {tie.name: tie for tie in reconcile(session, facts_in(session, DAY))}


def test_by_hand() -> None:
    closing = 2_000 + 1_000 - 40 + 300 + 11 + 22 + 5 - 500
    ties = ties_of(closing)
    assert {name: (tie.rows, tie.told, tie.explained) for name, tie in ties.items()} == {
        "balance": (1, closing, closing), "deposit": (0, 0, 0), "spend": (1, 960, 960), "income": (1, 33, 33),
        "payments": (1, 500, 500),
    }  # fmt: skip
    assert list(untied(list(ties.values()))) == []


def test_a_cent_is_found_and_named() -> None:
    ties = ties_of(2_000 + 1_000 - 40 + 300 + 11 + 22 + 5 - 500 + 1, paid=499)
    [(row, failed)] = untied(list(ties.values()))
    assert (row.statement_id, row.on, row.difference) == ("s5", date(2026, 5, 28), 1)
    assert failed == ["balance", "spend", "income", "payments"]
