"""Instalment plans: nothing is lost between balance, statements and schedules, and the rules hold."""

import numpy as np
import pytest

from tests.sandbox.made import rows
from zhike.sandbox import borrowing, entries, instalments, layouts
from zhike.sandbox.accounts import BLOCKED, CHARGED_OFF
from zhike.sandbox.calendar import NEVER
from zhike.sandbox.instalments import BILL, BROKEN_OFF, CASH, FINISHED, PAID_EARLY, PURCHASE, RUNNING, Plans
from zhike.sandbox.parameters import Parameters
from zhike.sandbox.prices import Prices, annual_rate
from zhike.sandbox.world import World

PARAMETERS = Parameters(customers=1_500, months=8, seed=21)


class Lived:
    """A world with all its movements of money summed by account and day's end, and all versions of plans."""

    def __init__(self) -> None:
        world = self.world = World(PARAMETERS)
        self.versions: list[Plans] = []
        self.wrong_balance = self.wrong_unbilled = 0
        moved = np.zeros(len(world.accounts), np.int64)
        start = None
        for day in range(PARAMETERS.first_day, PARAMETERS.last_day + 1):
            today = world.step(day)
            counted = today.entries.at((today.entries.response == entries.APPROVED) & (today.entries.ago == 0))
            counted = counted.at(counted.type != entries.RECOVERY)
            np.add.at(moved, counted.account, counted.amount)
            if start is None:
                start = world.ledger.balance - moved
            self.wrong_balance += int((start + moved != world.ledger.balance).sum())
            plans = world.instalments.plans
            held = np.bincount(plans.account, plans.remaining, len(world.accounts)).astype(np.int64)
            self.wrong_unbilled += int((held != world.ledger.unbilled).sum())
            self.versions.append(today.plans)


@pytest.fixture(scope="module")
def lived() -> Lived:
    return Lived()


def test_the_balance_of_every_account_is_the_sum_of_its_entries_on_every_day(lived):
    assert lived.wrong_balance == 0


def test_what_is_not_called_in_is_the_sum_of_the_plans_on_every_day(lived):
    assert lived.wrong_unbilled == 0
    assert lived.world.ledger.unbilled.sum() > 0


def test_plans_keep_the_rules(lived):
    told = Plans.joined(lived.versions)
    assert set(told.kind) == {BILL, PURCHASE, CASH}
    assert (told.term <= 60).all()
    cash = told.at(told.kind == CASH)
    assert (cash.term <= 24).all()
    assert (cash.principal <= 5_000_000).all()
    new = told.at((told.billed == 0) & (told.state == RUNNING))
    assert len(np.unique(new.number)) == len(new)
    accounts = lived.world.accounts
    ended = accounts.status > BLOCKED
    assert not lived.world.ledger.unbilled[ended].any()


def test_plans_end_in_every_way_and_then_for_good(lived):
    told = Plans.joined(lived.versions)
    ends = np.bincount(told.state, minlength=5)
    assert (ends[[RUNNING, FINISHED, BROKEN_OFF, PAID_EARLY]] > 0).all()
    over = told.at(told.state >= FINISHED)
    assert len(np.unique(over.number)) == len(over)
    assert (told.billed[told.state == FINISHED] == told.term[told.state == FINISHED]).all()
    late = lived.world.ledger.late_days(PARAMETERS.last_day)[lived.world.instalments.plans.account]
    assert (late < instalments.LATE_FOR_BREAKING).all()


def test_statements_with_plans_add_up(bank):
    seen = 0
    for row in rows(bank, layouts.STATEMENT):
        unbilled, closing = int(row["unbilled"]), int(row["closing"])
        assert unbilled >= 0
        assert int(row["minimum"]) <= max(closing - unbilled, 0)
        seen += unbilled > 0
    assert seen > 5


def test_a_plan_that_is_written_states_its_annual_rate(bank):
    plans = rows(bank, layouts.PLAN)
    assert plans
    for row in plans:
        term, principal = int(row["term"]), int(row["principal"])
        wanted = 10_000 * annual_rate(int(row["interest"]) / principal, term)
        assert int(row["annual_rate"]) == pytest.approx(wanted, abs=8)  # of whole fen a month
        assert int(row["payment"]) == principal // term + int(row["interest"])


@pytest.mark.parametrize(("rate", "term", "wanted"), [(0.006, 3, 10.77), (0.006, 12, 13.03), (0.0075, 12, 16.22)])
def test_annual_rates_by_the_book(rate, term, wanted):
    """DOMAIN section 2."""
    assert 100 * annual_rate(rate, term) == pytest.approx(wanted, abs=0.006)


def test_a_commanded_plan_is_booked_once_and_only_where_allowed():
    world = World(Parameters(customers=400, months=2, seed=5))
    first = world.parameters.first_day
    for day in range(first, first + 15):
        world.step(day)
    own, book = world.accounts, world.ledger
    can = np.flatnonzero((book.splittable > 100_000) & own.usable & (book.past_due_since == NEVER))
    can = can[np.minimum(book.splittable, book.due_in_full - book.paid)[can] >= 100_000]
    principal, term = np.full(len(can), 100_000), np.full(len(can), 12)
    before, unbilled = book.balance.copy(), book.unbilled.copy()
    _, booked = world.instalments.start(own, book, BILL, can, principal, term, day)
    assert booked.all()
    assert (book.balance == before).all(), "a bill plan moves no money"
    assert (book.unbilled[can] - unbilled[can] == 100_000).all()
    assert not world.instalments.start(own, book, BILL, can, principal, term, day)[1].any(), "split twice"
    room = np.flatnonzero(own.usable & (own.limit - book.balance > 6_000_000) & (book.past_due_since == NEVER))[:3]
    many = np.full(len(room), 5_000_001)
    assert not world.instalments.start(own, book, CASH, room, many, np.full(len(room), 12), day)[1].any()
    assert not world.instalments.start(own, book, CASH, room, many - 1, np.full(len(room), 25), day)[1].any()
    paid, booked = world.instalments.start(own, book, CASH, room, many - 1, np.full(len(room), 24), day)
    assert booked.all()
    assert paid.amount.sum() == 5_000_000 * len(room) > 0


def test_dearer_plans_are_wanted_less_most_by_those_who_mind_prices():
    parameters = Parameters(customers=3_000, months=1, seed=9)
    dear = Prices(bill_instalment=((3, 0.015), (6, 0.0132), (12, 0.012), (24, 0.012)))
    world = World(parameters)
    usual = world.borrowers.chance[BILL]
    less = borrowing.borrowers(world.people, world.accounts, world.ledger, dear).chance[BILL] / usual
    minds = world.people.price_sensitivity[world.accounts.person]
    assert (less < 1).all()
    assert np.corrcoef(less, minds)[0, 1] < -0.95


def test_accounts_charged_off_owe_nothing_and_plan_nothing(lived):
    gone = lived.world.accounts.status == CHARGED_OFF
    assert not lived.world.ledger.balance[gone].any()
