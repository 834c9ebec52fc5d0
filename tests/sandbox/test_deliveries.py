"""Late rows, rows told twice, postings taken back: all there in a small bank, and none of it counted twice or early."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import ibis
import numpy as np
import pyarrow as pa
import pytest

from tests.data.delivering import MemoryVault, facts, taken, workspace_at
from tests.sandbox.made import day, fixed_rows, rows, trailer
from zhike.core.workspace import Workspace
from zhike.data.asof import Facts
from zhike.data.tables import TABLES
from zhike.sandbox import campaigns, layouts
from zhike.sandbox.parameters import Parameters
from zhike.sandbox.world import World

Row = dict[str, str]


def _delivered(bank: Path) -> list[tuple[str, Row]]:
    """(day of the file, row) of every movement, oldest file first; broken rows left out."""
    paths = sorted(bank.glob("cards/*/txn.dat"))
    told = [(path.parent.name, row) for path in paths for row in fixed_rows(path, layouts.TXN)]
    return [(name, row) for name, row in told if row["type"] != "9Z99" and not row["txn_date"].endswith("0230")]


def test_each_kind_is_there(bank):
    told = _delivered(bank)
    first_file = min(name for name, _ in told)
    late = [row for name, row in told if row["txn_date"] < name != first_file and row["type"] == "1001"]
    assert 4 <= len(late) <= 60
    assert all(1 <= (day(row["post_date"]) - day(row["txn_date"])).days <= 5 for row in late)
    twice = [ref for ref, count in Counter(row["ref"] for _, row in told).items() if count > 1]
    assert 2 <= len(twice) <= 20
    types = Counter(row["type"] for _, row in told)
    assert types["1009"] >= 2
    assert types["3009"] >= 1


def test_what_takes_back_names_a_posting_of_the_same_amount(bank):
    by_ref = {row["ref"]: (name, row) for name, row in _delivered(bank)}
    for name, row in by_ref.values():
        if row["type"] not in ("1009", "3009"):
            continue
        posted_on, wrong = by_ref[row["of_ref"]]
        assert int(row["amount"]) == -int(wrong["amount"])
        assert (row["account_no"], row["card_no"]) == (wrong["account_no"], wrong["card_no"])
        assert wrong["type"] == "1001" if row["type"] == "1009" else wrong["type"][:2] == "30"
        assert 1 <= (day(name) - day(posted_on)).days <= 3
        assert row["txn_date"] == name
        blank = {"ref": "", "post_date": ""}
        same = [other for _, other in by_ref.values() if {**other, **blank} == {**wrong, **blank}]
        assert len(same) >= 2, "the right one stands beside it"


def test_the_files_tell_what_the_world_lived_but_for_what_is_under_way(bank):
    """Every movement arrives once, or is one that the last days still hold back."""
    parameters = Parameters(customers=300, months=2, seed=7)
    world, lived = World(parameters), set()
    for number in range(parameters.first_day, parameters.last_day + 1):
        today = world.step(number, campaigns.of_day(world, number))
        lived |= {f"{reference:016d}" for reference in today.reference}
    told = {row["ref"] for row in rows(bank, layouts.TXN)}
    missing, added = lived - told, told - lived
    assert {ref[:8] for ref in missing} <= {f"202610{number}" for number in range(27, 32)}
    assert len(missing) <= 6
    wrong = {row["of_ref"] for row in rows(bank, layouts.TXN) if row["type"] in ("1009", "3009")}
    assert wrong <= added
    assert len(added) <= 2 * len(wrong) + 2


def test_control_totals_count_what_stands_in_the_file(bank):
    for path in bank.glob("cards/*/txn.dat"):
        count, total = trailer(path)
        assert total == sum(int(row["amount"]) for row in fixed_rows(path, layouts.TXN))
        assert count >= len(list(fixed_rows(path, layouts.TXN)))


@pytest.fixture(scope="module")
def loaded(bank: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    workspace = workspace_at(tmp_path_factory.mktemp("workspace"))
    report = taken(bank, workspace, MemoryVault(), "made_cards")
    assert all(file.rows_in == file.accepted + file.quarantined for file in report.files)
    return workspace


def test_told_twice_is_counted_once(bank, loaded):
    told = _delivered(bank)
    fine = {row["ref"]: row for _, row in told if "O" not in row["orig_amount"]}
    bought = [row for row in fine.values() if row["type"] == "1001" and row["response"] == "00"]
    found = [row for row in facts(loaded, "transaction") if row["kind"] == "purchase"]
    assert len(found) == len(bought)
    assert sum(row["amount_cents"] for row in found) == sum(int(row["amount"]) for row in bought)
    assert not [row for row in facts(loaded, "quarantine") if row["code"] in ("duplicate_key", "contradicts_earlier")]


def test_what_is_taken_back_leaves_nothing(bank, loaded):
    keys = {f"made_cards:{row['ref']}": row for _, row in _delivered(bank)}
    net, undone = Counter(), 0
    sign = {"debit": 1, "credit": -1}
    for table, key in (("transaction", "transaction_id"), ("posting", "posting_id")):
        for row in facts(loaded, table):
            raw = keys.get(row[key])
            if raw and raw["type"] in ("1009", "3009"):
                assert row["kind"] == ("refund" if raw["type"] == "1009" else "adjustment")
                net[raw["of_ref"]] += sign[row["direction"]] * row["amount_cents"]
                undone += 1
    for table, key in (("transaction", "transaction_id"), ("posting", "posting_id")):
        for row in facts(loaded, table):
            reference = row[key].removeprefix("made_cards:")
            if reference in net:
                net[reference] += sign[row["direction"]] * row["amount_cents"]
    assert undone >= 3
    assert set(net.values()) == {0}


def test_a_late_row_is_not_seen_before_its_file(bank, loaded):
    rows_ = facts(loaded, "transaction")
    late = [row for row in rows_ if row["known_at"] > row["business_date"] and row["business_date"].month == 10]
    assert late
    table = pa.Table.from_pylist(rows_, TABLES["transaction"].arrow_schema())
    for row in late[:3]:
        for as_of, seen in (
            (row["business_date"], False),
            (row["known_at"] - timedelta(days=1), False),
            (row["known_at"], True),
        ):
            visible = Facts(lambda _name: ibis.memtable(table), as_of)("transaction")
            keys = set(np.asarray(visible.transaction_id.to_pyarrow()))
            assert (row["transaction_id"] in keys) is seen
