"""The truth apart from the files: silent loss and the oracle's chance of it, profit, key figures."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from zhike.sandbox import accounts, entries
from zhike.sandbox.calendar import NEVER
from zhike.sandbox.costing import ORDINARY
from zhike.sandbox.parameters import Parameters
from zhike.sandbox.profit import COMPONENTS, IMPAIRMENT, INTEREST, Profit
from zhike.sandbox.truth import Truth
from zhike.sandbox.world import Today, World

PARAMETERS = Parameters(customers=1_500, months=12, seed=4)


class Lived:
    """A year of a block, with what a slow reader needs to count it again."""

    def __init__(self) -> None:
        self.world = World(PARAMETERS)
        self.truth = Truth(self.world)
        self.days: list[Today] = []
        for day in range(PARAMETERS.first_day, PARAMETERS.last_day + 1):
            today = self.world.step(day)
            self.truth.see(today)
            self.days.append(today)
        self.tables = self.truth.tables()


@pytest.fixture(scope="module")
def lived() -> Lived:
    return Lived()


def _movement_days(lived: Lived) -> dict[int, list[int]]:
    """Days on which each person made a movement, counted row by row."""
    found: dict[int, list[int]] = {}
    for today in lived.days:
        now = today.entries
        made = np.isin(now.type, (entries.PURCHASE, entries.CASH, entries.CASH_PLAN, entries.PAYMENT)) & (
            now.response == entries.APPROVED
        )
        for account, ago in zip(now.account[made].tolist(), now.ago[made].tolist(), strict=True):
            found.setdefault(int(lived.world.accounts.person[account]), []).append(today.day - ago)
    return found


def test_silence_is_counted_as_the_domain_defines_it(lived):
    moves = _movement_days(lived)
    rows = lived.tables["churn"].to_pylist()
    told = [row for row in rows if row["silent"] is not None]
    assert 1_000 < len(told) < len(rows)
    for row in told[::7]:
        as_of = (row["as_of"] - pa.scalar(0, pa.date32()).as_py()).days
        own = moves[row["person"]]
        assert any(as_of - 92 < day <= as_of for day in own), "only who was active is asked about"
        assert row["silent"] == (not any(as_of < day <= as_of + 182 for day in own))
    last = max(row["as_of"] for row in told)
    assert (max(row["as_of"] for row in rows) - last).days >= 182 - 31, "what is not over yet is not told"


def test_the_oracle_is_calibrated_and_sees_nearly_all(lived):
    told = lived.tables["churn"].filter(pc.is_valid(lived.tables["churn"]["silent"]))
    silent = told["silent"].to_numpy(zero_copy_only=False)
    chance = told["chance"].to_numpy()
    assert 0.01 < silent.mean() < 0.10
    assert chance.mean() == pytest.approx(silent.mean(), rel=0.15)
    for low, high in ((0.0, 0.01), (0.7, 1.0)):
        inside = (chance >= low) & (chance <= high)
        assert silent[inside].mean() == pytest.approx(chance[inside].mean(), abs=0.06)
    above = (chance[silent][:, None] > chance[~silent][None, ::5]).mean()
    assert above > 0.97


def test_who_closed_an_account_is_told(lived):
    rows = lived.tables["accounts"].to_pylist()
    by = {name: sum(row["closed_by"] == name for row in rows) for name in ("customer", "bank", "charge_off")}
    status = lived.world.accounts.status
    assert by["customer"] == (status == accounts.CLOSED_BY_CUSTOMER).sum() > 5
    assert by["bank"] == (status == accounts.CLOSED_BY_BANK).sum()
    assert by["charge_off"] == (status == accounts.CHARGED_OFF).sum() > 0
    assert all((row["closed"] is None) == (row["closed_by"] is None) for row in rows)


def test_every_fen_of_interest_and_loss_is_in_the_profit_of_the_person(lived):
    """Interest, and provisions that stand at the end less at the start plus charge-offs less recoveries."""
    profit = lived.tables["profit"]
    charged = written_off = recovered = 0
    for today in lived.days:
        now = today.entries.at(today.entries.ago == 0)
        charged += int(now.amount[now.type == entries.INTEREST].sum())
        written_off -= int(now.amount[now.type == entries.CHARGE_OFF].sum())
        recovered -= int(now.amount[now.type == entries.RECOVERY].sum())
    assert pc.sum(profit["interest"]).as_py() == charged > 0
    assert written_off > 0
    own, book = lived.world.accounts, lived.world.ledger
    late = book.late_days(PARAMETERS.last_day)
    owed = np.where(own.status <= accounts.BLOCKED, np.maximum(book.balance, 0), 0)
    expected = float((owed * ORDINARY.coverage(late)).sum())
    cost = -pc.sum(profit["impairment"]).as_py()
    at_first = cost - expected - written_off + recovered
    assert -expected < at_first <= 0, "less what was expected on the first day"
    parts = sum(pc.sum(profit[name]).as_py() for name in COMPONENTS)
    assert parts == pc.sum(profit["profit"]).as_py()


def test_late_balances_are_expected_to_be_lost_by_their_days():
    days = np.array([0, 1, 29, 30, 59, 60, 89, 90, 400])
    assert ORDINARY.coverage(days).tolist() == [0.004, 0.08, 0.08, 0.30, 0.30, 0.55, 0.55, 0.80, 0.80]
    assert set(ORDINARY.sources()) == set(vars(ORDINARY))
    assert all(ORDINARY.sources().values())


def test_profit_of_two_stretches_is_that_of_both():
    """A count that begins later finds the same as the difference of one that began before."""
    parameters = Parameters(customers=200, months=3, seed=2)
    world = World(parameters)
    whole, middle = Profit(world, parameters.first_day - 1), parameters.first_day + 40
    late, before = whole, whole.so_far()
    for day in range(parameters.first_day, parameters.last_day + 1):
        if day == middle:
            late, before = Profit(world, day - 1), whole.so_far()
        today = world.step(day)
        whole.see(today)
        if day >= middle:
            late.see(today)
    difference = whole.so_far() - before
    assert abs(difference - late.so_far()).max() <= 2, "but for rounding"
    assert difference[INTEREST].sum() > 0
    assert difference[IMPAIRMENT].any()


def test_key_figures_are_those_of_the_world(lived):
    figures = lived.tables["key_figures"].to_pylist()
    end = max(row["as_of"] for row in figures)
    last = {row["kpi"]: (row["part"], row["whole"]) for row in figures if row["as_of"] == end}
    own, cards = lived.world.accounts, lived.world.accounts.cards
    day = PARAMETERS.last_day
    held = (cards.issued <= day) & (cards.closed == NEVER) & (own.status[cards.account] <= accounts.BLOCKED)
    assert last["valid_cards"] == (held.sum(), 0)
    spent = sum(
        int(today.entries.amount[_spend(today)].sum()) for today in lived.days if day - 30 < today.day <= day
    )  # fmt: skip
    assert last["spend_30d"] == (spent, 0)
    used = {
        card for today in lived.days if today.day > day - 92  # three months before the last of October is July 31
        for card in today.entries.card[_used(today)].tolist() if held[card]
    }  # fmt: skip
    assert last["active_card_rate_3m"] == (len(used), held.sum())
    owed = np.where(own.status != accounts.CHARGED_OFF, np.maximum(lived.world.ledger.balance, 0), 0)
    assert last["receivables"] == (owed[own.opened <= day].sum(), 0)
    told = {row["kpi"]: row["told_part"] for row in figures if row["as_of"] == end}
    assert 0 < abs(told["spend_30d"] - spent) < 0.01 * spent, "what is late or broken is not told"
    assert len({row["as_of"] for row in figures}) == PARAMETERS.months


def _used(today: Today) -> np.ndarray:
    now = today.entries
    made = np.isin(now.type, (entries.PURCHASE, entries.CASH)) & (now.response == entries.APPROVED)
    return made & (now.ago == 0) & (now.card >= 0)


def _spend(today: Today) -> np.ndarray:
    now = today.entries
    posted = (now.ago == 0) & (now.response == entries.APPROVED)
    return posted & np.isin(now.type, (entries.PURCHASE, entries.REFUND, entries.CHARGEBACK))


def test_the_numbers_of_the_truth_are_those_of_the_files(bank):
    """The truth of a bank names the customers of its files, and each by one person."""
    import pyarrow.parquet as pq
    from sandbox.made import rows

    from zhike.sandbox import layouts

    told = pq.read_table(bank / "truth" / "numbers").to_pylist()
    for system, records, field in (
        ("cards", (layouts.CUSTOMER, layouts.APPLICATION), "customer_no"),
        ("core", (layouts.CORE_CUSTOMER,), "customer_id"),
    ):
        numbers = {row["number"]: row["person"] for row in told if row["system"] == system}
        assert set(numbers) == {row[field] for record in records for row in rows(bank, record)}
        assert len(set(numbers.values())) == len(numbers)
