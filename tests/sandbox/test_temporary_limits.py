"""Temporary limits: granted for trips, feasts and at request; used, ended, told by the files and read as facts."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import ibis
import numpy as np
import pyarrow as pa
import pytest

from tests.data.delivering import MemoryVault, facts, taken, workspace_at
from tests.sandbox.made import day as day_of
from tests.sandbox.made import rows
from zhike.core.workspace import Workspace
from zhike.data.asof import Facts
from zhike.data.tables import TABLES
from zhike.sandbox import calendar, campaigns, layouts, life, limits, temporary_limits
from zhike.sandbox.accounts import BLOCKED
from zhike.sandbox.parameters import Parameters
from zhike.sandbox.temporary_limits import ENDED_EARLY, REASON_NAMES, REASONS
from zhike.sandbox.truth import Truth
from zhike.sandbox.world import World

YEAR = Parameters(customers=1_500, months=13, seed=3)


@pytest.fixture(scope="module")
def lived() -> tuple[World, Truth, int]:
    """A world that has lived thirteen months, its truth, and how often somebody owed more than the permanent limit."""
    world, over = World(YEAR), 0
    truth = Truth(world)
    for day in range(YEAR.first_day, YEAR.last_day + 1):
        truth.see(world.step(day))
        own = world.accounts
        over += int(((world.ledger.balance > own.limit) & (own.effective > own.limit)).sum())
    return world, truth, over


def test_each_occasion_brings_some_and_they_are_used(lived):
    world, truth, over = lived
    told = truth.tables()["temporary_limits"]
    granted = told.filter(pa.compute.invert(told["ended_early"]))
    by_reason = Counter(granted["reason"].to_pylist())
    assert all(by_reason[name] > 0 for name in REASON_NAMES)
    assert by_reason["spring_festival"] > by_reason["sales"] / 2
    feast = calendar.spring_festival(2026)
    for row in granted.to_pylist():
        assert row["start"] - row["told_on"] >= timedelta(days=row["reason"] != "offered")
        assert row["end"] - row["start"] <= timedelta(days=60)
        if row["reason"] == "spring_festival":
            assert row["told_on"] < feast <= row["end"]
    assert len(granted) < 0.5 * len(world.accounts), "not the rule"
    assert over > 0


def test_one_at_a_time_and_a_cut_a_block_and_the_end_end_it(lived):
    world, truth, _ = lived
    last: dict[int, object] = {}
    for row in truth.tables()["temporary_limits"].to_pylist():
        before = last.get(row["account"])
        if row["ended_early"]:
            assert row["end"] < row["told_on"] or row["end"] < row["start"]
        else:
            assert before is None or before < row["told_on"]
        last[row["account"]] = row["end"]
    own, day = world.accounts, world.accounts.today
    account = np.flatnonzero((own.status == 0) & ~own.extra.waits_or_holds(day))[:3]
    own.extra.grant(account, own.limit[account] * 2, (day, day + 20), temporary_limits.ASKED)
    assert (own.effective[account] == 2 * own.limit[account]).all()
    limits.move(own, account[:1], own.limit[account[:1]] - 100_000, day)
    life.set_block(own, account[1:2], BLOCKED, life.ARREARS, day)
    np.testing.assert_array_equal(own.effective[account] > own.limit[account], [False, False, True])
    told = own.extra.tell()
    assert dict(zip(told.account.tolist(), told.state.tolist(), strict=True)) == {
        int(account[0]): ENDED_EARLY, int(account[1]): ENDED_EARLY, int(account[2]): temporary_limits.GRANTED,
    }  # fmt: skip
    own.today = day + 21
    np.testing.assert_array_equal(own.effective[account], own.limit[account])


def test_what_never_began_has_its_last_day_before_its_first():
    held = temporary_limits.TemporaryLimits.none(2)
    held.grant(np.array([0, 1]), np.array([5, 6]), (110, 120), temporary_limits.TRAVEL)
    held.tell()
    held.end_early(np.array([1]), 105)
    told = held.tell()
    assert (told.account.tolist(), told.start.tolist(), told.end.tolist()) == ([1], [110], [109])
    assert held.over(np.array([1, 1]), 110).tolist() == [5, 1]


@pytest.fixture(scope="module")
def loaded(bank: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    workspace = workspace_at(tmp_path_factory.mktemp("workspace"))
    taken(bank, workspace, MemoryVault(), "made_cards")
    return workspace


def test_rows_of_the_file_become_limits_with_an_end(bank, loaded):
    told = rows(bank, layouts.LIMIT)
    names = dict(zip(REASONS, REASON_NAMES, strict=True))
    expected = sorted(
        (day_of(row["start"]), day_of(row["end"]) + timedelta(days=1), int(row["limit"]), names[row["reason"]],
         day_of(row["changed"]))
        for row in told
    )  # fmt: skip
    found = [row for row in facts(loaded, "limit_event") if row["kind"] == "temporary"]
    columns = ("valid_from", "valid_to", "limit_cents", "reason", "known_from")
    assert sorted(tuple(row[name] for name in columns) for row in found) == expected
    assert len(expected) >= 4


def test_the_effective_limit_of_every_day_is_the_worlds(bank, loaded):
    """By the facts as known on a day, the higher of both kinds is what the world authorised against that day."""
    parameters = Parameters(customers=300, months=2, seed=7)
    world = World(parameters)
    table = pa.Table.from_pylist(facts(loaded, "limit_event"), TABLES["limit_event"].arrow_schema())
    for number in range(parameters.first_day, parameters.last_day + 1):
        world.step(number, campaigns.of_day(world, number))
        own = world.accounts
        if number % 4:
            continue
        rows_ = Facts(lambda _name: ibis.memtable(table), calendar.day_of(number))("limit_event").to_pyarrow()
        best: dict[int, int] = {}
        for account, limit in zip(rows_["account_id"].to_pylist(), rows_["limit_cents"].to_pylist(), strict=True):
            best[account] = max(best.get(account, 0), limit)
        assert Counter(best.values()) == Counter(own.effective[own.opened <= number].tolist()), calendar.day_of(number)
