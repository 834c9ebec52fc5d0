"""The public sources, as they are: every row accounted for, facts equal to those counted by hand."""

import gzip
import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from delivering import MemoryVault, facts, taken, workspace_at
from shared_data import SHARED, needs

from zhike.core.engine import Files, Limits, duckdb_session
from zhike.core.snapshot import SnapshotStore
from zhike.core.workspace import Workspace
from zhike.data.asof import Facts
from zhike.data.identity import resolve
from zhike.data.ingest import LoadReport
from zhike.data.tables import TABLES

pytestmark = needs("berka")
GOLDEN = Path(__file__).parents[1] / "golden"
Loaded = tuple[Workspace, LoadReport]


@pytest.fixture(scope="module")
def berka(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return _loaded("berka", "berka", tmp_path_factory)


@pytest.fixture(scope="module")
def golden() -> dict[str, Any]:
    counted: dict[str, Any] = json.loads((GOLDEN / "berka.json").read_text())
    return counted


def test_the_golden_file_is_what_the_raw_files_say(golden: dict[str, Any]) -> None:
    script = [sys.executable, str(GOLDEN / "count_berka.py"), str(SHARED / "berka")]
    assert json.loads(subprocess.run(script, capture_output=True, check=True).stdout) == golden


def test_every_row_of_berka_is_accounted_for(berka: Loaded, golden: dict[str, Any]) -> None:
    _, report = berka
    counted = {
        file.file.removesuffix(".csv.gz"): (file.rows_in, file.accepted, file.quarantined) for file in report.files
    }
    assert counted == {name: (rows, rows, 0) for name, rows in golden["rows"].items()}
    assert list(golden["rows"].values()) == [4500, 892, 5369, 5369, 77, 682, 6471, 49102]


def test_movements_of_berka(berka: Loaded, golden: dict[str, Any]) -> None:
    for table, name in (("transaction", "movements"), ("posting", "postings")):
        directions = [row["direction"] for row in facts(berka[0], table)]
        assert (directions.count("credit"), directions.count("debit")) == tuple(golden[name].values()), table


def test_berka_as_of_the_last_day_of_the_window(berka: Loaded, golden: dict[str, Any]) -> None:
    expected = golden["as_of_1994_03_30"]
    seen = {name: _as_of(berka[0], name, date(1994, 3, 30)) for name in ("account", "card", "instalment_plan")}
    assert len(seen["account"]) == expected["accounts"] == 4500 - 3271
    assert len(seen["card"]) == expected["cards"] == 6
    assert [row["status"] for row in seen["instalment_plan"]] == ["running"] * expected["loans_granted"]
    assert _as_of(berka[0], "standing_order", date(1994, 3, 30)) == []


def test_loan_outcomes_of_berka_are_known_at_their_end(berka: Loaded, golden: dict[str, Any]) -> None:
    plans = _as_of(berka[0], "instalment_plan", date(1998, 12, 31))
    over = [row for row in plans if row["status"].startswith("finished")]
    assert len(over) == golden["as_of_1994_03_30"]["loans_over_later"]
    assert sum(row["status"] == "running_in_debt" for row in plans) == 45
    assert all(row["known_from"] > row["booked_on"] for row in over)


@pytest.mark.parametrize("client", ["9593", "2166", "3"])
def test_facts_of_real_clients(berka: Loaded, golden: dict[str, Any], client: str) -> None:
    workspace, _ = berka
    expected = golden["clients"][client]
    party = resolve(workspace, SnapshotStore(workspace).current(), f"berka:{client}")
    (person,) = [row for row in facts(workspace, "party") if row["party_id"] == party]
    assert [person["birth_date"].isoformat(), person["sex"]] == expected["birth_date_and_sex"]
    held = [row for row in facts(workspace, "account_party") if row["party_id"] == party]
    ids = {row["account_id"] for row in held}
    accounts = [row for row in facts(workspace, "account") if row["account_id"] in ids]
    roles = expected["accounts_with_role_and_opening"]
    assert sorted((row["role"], accounts[0]["opened_on"].isoformat()) for row in held) == [
        tuple(row[1:]) for row in roles
    ]
    made = [row for row in facts(workspace, "transaction") if row["account_id"] in ids]
    by_bank = [row for row in facts(workspace, "posting") if row["account_id"] in ids]
    assert [len(made), len(by_bank)] == expected["transactions_and_postings_in_window"]
    seen = [row for row in made if row["business_date"] <= date(1994, 3, 30)]
    sums = [sum(row["amount_cents"] for row in seen if row["direction"] == way) for way in ("credit", "debit")]
    assert sums == expected["credit_and_debit_cents_as_of_1994_03_30"]
    cards = [row for row in facts(workspace, "card") if row["party_id"] == party]
    loans = [row for row in facts(workspace, "instalment_plan") if row["account_id"] in ids]
    outcome = {"A": "finished", "B": "finished_unpaid"}
    assert [
        sorted([row["product_code"], row["issued_on"].isoformat()] for row in cards),
        sorted(
            [
                row["plan_id"].removeprefix("berka:"),
                row["principal_cents"],
                row["status"],
                row["known_from"].isoformat(),
            ]
            for row in loans
            if row["status"] != "running"
        ),
    ] == [
        expected["cards_and_loans"][0],
        [[*loan[:2], outcome[loan[2]], loan[3]] for loan in expected["cards_and_loans"][1]],
    ]


def test_the_consent_setting_of_berka_stands_in_the_snapshot(berka: Loaded) -> None:
    manifest = SnapshotStore(berka[0]).current()
    assert manifest.sources["berka"]["consent"] == "assumed_given_for_research_data"


def test_berka_loans_covers_354_accounts(tmp_path_factory: pytest.TempPathFactory) -> None:
    workspace, report = _loaded("berka_loans", "berka", tmp_path_factory)
    counted = {file.file.removesuffix(".csv.gz"): (file.accepted, file.quarantined) for file in report.files}
    assert counted["account"] == (354, 4146)
    assert counted["trans_loan_accounts_354"] == (30200, 0)
    assert counted["loan"] == (354, 328)
    assert {row["code"] for row in facts(workspace, "quarantine")} == {"outside_coverage"}
    assert len(_as_of(workspace, "card", date(1998, 12, 5))) > 50


def test_a_key_delivered_twice_in_a_file_that_others_join(tmp_path: Path) -> None:
    folder = tmp_path / "berka"
    folder.mkdir()
    for path in (SHARED / "berka").glob("*.csv.gz"):
        lines = gzip.decompress(path.read_bytes()).splitlines(keepends=True)
        double = path.name in ("disp.csv.gz", "account.csv.gz")
        (folder / path.name.removesuffix(".gz")).write_bytes(b"".join([*lines, *lines[1:] * double]))
    workspace = workspace_at(tmp_path / "home")
    report = taken(folder, workspace, source="berka")
    assert sum(file.quarantined for file in report.files) == 0
    assert (len(facts(workspace, "card")), len(facts(workspace, "account_party"))) == (892, 5369)


def test_both_windows_of_berka_speak_of_the_same_people(berka: Loaded, tmp_path: Path) -> None:
    workspace = workspace_at(tmp_path / "both")
    for source in ("berka", "berka_loans"):
        taken(SHARED / "berka", workspace, source=source)
    assert len(facts(workspace, "party_key")) == 5369
    manifest = SnapshotStore(workspace).current()
    assert resolve(workspace, manifest, "berka_loans:3") == resolve(workspace, manifest, "3")
    assert len(facts(workspace, "transaction")) + len(facts(workspace, "posting")) == 49102 + 30200


def test_uci_credit_default(tmp_path_factory: pytest.TempPathFactory) -> None:
    workspace, report = _loaded("uci_credit_default", "uci_credit_default", tmp_path_factory)
    assert [(file.rows_in, file.quarantined) for file in report.files] == [(30000, 0)]
    manifest = SnapshotStore(workspace).current()
    assert {name: manifest.rows(name) for name in ("account", "party", "statement")} == {
        "account": 30000, "party": 30000, "statement": 180000,
    }  # fmt: skip
    limits = [row["limit_cents"] for row in facts(workspace, "limit_event")]
    assert round(sum(limits) / 100 / 30000, 2) == 167484.32
    party = resolve(workspace, manifest, "uci_credit_default:1")
    (held,) = [row for row in facts(workspace, "account_party") if row["party_id"] == party]
    mine = [row for row in facts(workspace, "statement") if row["account_id"] == held["account_id"]]
    assert [(row["business_date"].month, row["balance_cents"], row["days_past_due"]) for row in mine] == [
        (4, 0, 0), (5, 0, 0), (6, 0, 0), (7, 68900, 0), (8, 310200, 60), (9, 391300, 60),
    ]  # fmt: skip


def test_cdnow(tmp_path_factory: pytest.TempPathFactory) -> None:
    workspace, report = _loaded("cdnow", "cdnow", tmp_path_factory)
    assert [(file.rows_in, file.accepted) for file in report.files] == [(69659, 69659)]
    manifest = SnapshotStore(workspace).current()
    assert (manifest.rows("transaction"), manifest.rows("party")) == (69659, 23570)


def _loaded(source: str, folder: str, places: pytest.TempPathFactory) -> Loaded:
    if not (SHARED / folder).is_dir():
        pytest.skip(f"SKIPPED: {SHARED / folder} is missing")
    workspace = workspace_at(places.mktemp(source))
    return workspace, taken(SHARED / folder, workspace, MemoryVault(), source)


def _as_of(workspace: Workspace, table: str, day: date) -> list[dict[str, Any]]:
    store = SnapshotStore(workspace)
    files = Files(TABLES[table].arrow_schema(), store.paths(store.current(), table))
    with duckdb_session({table: files}, Limits()) as session:
        rows: pa.Table = session.query(Facts(lambda name: TABLES[name].unbound(), day)(table))
    return rows.to_pylist()
