"""Commands to the made card core: what they do, when they are refused, and that a reference has one effect."""

import numpy as np
import pytest

from zhike.core.errors import BadInput
from zhike.sandbox import actions, dialogue, entries
from zhike.sandbox.accounts import BLOCKED, CLOSED_BY_BANK, OPEN
from zhike.sandbox.actions import Actions, Commands
from zhike.sandbox.calendar import NEVER
from zhike.sandbox.dialogue import CommandAnswers
from zhike.sandbox.eligibility import MOST_LIMIT
from zhike.sandbox.parameters import Parameters
from zhike.sandbox.world import Today, World

PARAMETERS = Parameters(customers=600, months=2, seed=9)
FIRST_DAYS = 25


class Lived:
    def __init__(self) -> None:
        self.world, self.day = World(PARAMETERS), PARAMETERS.first_day - 1
        for _ in range(FIRST_DAYS):
            self.step()

    def step(self, bank_does: Actions = actions.NOTHING) -> Today:
        self.day += 1
        return self.world.step(self.day, bank_does)

    def answered(self, bank_does: Actions) -> tuple[CommandAnswers, list[Today]]:
        """The answers of this day and of the five after."""
        days = [self.step(bank_does), *(self.step() for _ in range(5))]
        return CommandAnswers.joined([today.command_answers for today in days]), days

    def accounts(self, which: np.ndarray) -> np.ndarray:
        own = self.world.accounts
        return np.flatnonzero(which & (own.opened < self.day) & (own.status == OPEN))

    def punctual(self) -> np.ndarray:
        return self.world.ledger.past_due_since == NEVER


@pytest.fixture
def lived() -> Lived:
    return Lived()


def _commands(world: World, account, kind: int, amount=0, term=0, first=1) -> Actions:
    serial = world.accounts.serial[account]
    columns = np.broadcast_arrays(serial, kind, amount, term, first + np.arange(len(serial)))
    return Actions(commands=Commands(*(np.array(column, np.int64) for column in columns)))


def _reasons(answers: CommandAnswers) -> dict[str, int]:
    names, counts = np.unique(answers.reason, return_counts=True)
    return {dialogue.REASONS[name]: int(count) for name, count in zip(names, counts, strict=True)}


def test_limits_are_set_at_once_or_late_and_written_down(lived):
    own = lived.world.accounts
    account = lived.accounts(lived.punctual() & (own.limit + 300_000 <= MOST_LIMIT[own.product]))
    wished = own.limit[account] + 300_000
    answers, days = lived.answered(_commands(lived.world, account, actions.LIMIT, wished))
    assert sorted(answers.reference) == list(range(1, len(account) + 1))
    done = account[answers.reference[answers.outcome == dialogue.COMMAND_DONE] - 1]
    assert len(done) > 0.95 * len(account)
    assert (own.limit[done] == wished[np.searchsorted(account, done)]).mean() > 0.97, "but for the bank's own changes"
    at_once = len(days[0].command_answers)
    assert 0.7 < at_once / len(account) < 0.97, "some come late"
    assert set(account[days[0].command_answers.reference - 1]) <= set(days[0].limit_changes)
    assert set(_reasons(answers)) <= {"", "in_arrears", "closed"}


def test_limits_beyond_reason_are_refused(lived):
    own, late = lived.world.accounts, ~lived.punctual()
    account = lived.accounts(lived.punctual())
    before = own.limit.copy()
    too_much, _ = lived.answered(_commands(lived.world, account, actions.LIMIT, MOST_LIMIT[own.product[account]] + 1))
    assert _reasons(too_much) == {"beyond_product_range": len(account)}
    lived.world.ledger.past_due_since[account[:5]] = lived.day - 8
    assert not late[account].any()
    wished = own.limit[account[:5]] + 100_000
    owing, days = lived.answered(_commands(lived.world, account[:5], actions.LIMIT, wished, first=10_000))
    assert "in_arrears" in _reasons(owing)
    assert not set(account[:5]) & set(days[0].limit_changes)
    assert (own.limit[account] <= np.maximum(before[account], MOST_LIMIT[own.product[account]])).all()


def test_a_reference_has_one_effect(lived):
    own = lived.world.accounts
    account = lived.accounts(lived.punctual() & (own.limit >= 1_500_000))[:40]
    once = _commands(lived.world, account, actions.LIMIT, own.limit[account] - 500_000)
    first, _ = lived.answered(once)
    assert (first.outcome == dialogue.COMMAND_DONE).mean() > 0.8
    lowered = own.limit[account].copy()
    twice = Commands.joined([once.commands, once.commands])
    again, _ = lived.answered(Actions(commands=twice))
    assert len(again) == len(account), "answered once more, once"
    assert dict(zip(again.reference, again.reason, strict=True)) == dict(
        zip(first.reference, first.reason, strict=True)
    )
    assert (own.limit[account] == lowered).mean() > 0.95
    other = _commands(lived.world, account, actions.LIMIT, lowered - 100_000)
    told, _ = lived.answered(other)
    assert (own.limit[account] == lowered).mean() > 0.95, "the same reference with other words changes nothing"
    assert len(told) == len(account)


def test_blocks_hold_until_they_are_lifted(lived):
    own = lived.world.accounts
    account = lived.accounts(lived.punctual())[:60]
    _, days = lived.answered(_commands(lived.world, account, actions.BLOCK))
    blocked = account[own.status[account] == BLOCKED]
    assert len(blocked) > 55
    assert {"REQUEST"} <= {life_detail(step) for step in days[0].steps.detail}
    bought = [today.entries.account[today.entries.type == entries.PURCHASE] for today in (lived.step(), lived.step())]
    assert not np.isin(blocked, np.concatenate(bought)).any()
    again, _ = lived.answered(_commands(lived.world, blocked, actions.BLOCK, first=500))
    assert set(_reasons(again)) == {"already_blocked"}
    lived.answered(_commands(lived.world, blocked, actions.UNBLOCK, first=1_000))
    assert (own.status[blocked] == OPEN).mean() > 0.9
    free, _ = lived.answered(_commands(lived.world, blocked[own.status[blocked] == OPEN], actions.UNBLOCK, first=2_000))
    assert "not_blocked" in _reasons(free)


def life_detail(position: int) -> str:
    from zhike.sandbox.life import DETAILS

    return DETAILS[position]


def test_closures_need_an_account_that_owes_nothing(lived):
    own, book = lived.world.accounts, lived.world.ledger
    owing = lived.accounts(book.balance > 100_000)[:50]
    empty = lived.accounts((book.balance == 0) & (book.unbilled == 0) & (lived.world.usage.state == 3))[:30]
    refused, _ = lived.answered(_commands(lived.world, owing, actions.CLOSURE))
    assert _reasons(refused).get("balance_not_zero", 0) > 40
    lived.answered(_commands(lived.world, empty, actions.CLOSURE, first=500))
    assert (own.status[empty] == CLOSED_BY_BANK).mean() > 0.8
    closed, _ = lived.answered(_commands(lived.world, empty, actions.LIMIT, 500_000, first=900))
    assert _reasons(closed).get("closed", 0) > 20


def test_instalments_take_what_the_bill_bears(lived):
    book = lived.world.ledger
    owed = np.minimum(book.splittable, book.due_in_full - book.paid)
    account = lived.accounts(lived.punctual() & (owed > 100_000))[:60]
    assert len(account) > 20
    too_much, _ = lived.answered(_commands(lived.world, account, actions.INSTALMENT, 10**8, 12))
    assert _reasons(too_much).get("above_balance", 0) > 0.9 * len(account)
    owed = np.minimum(book.splittable, book.due_in_full - book.paid)
    account = lived.accounts(lived.punctual() & (owed > 100_000))[:60]
    odd, _ = lived.answered(_commands(lived.world, account, actions.INSTALMENT, 50_000, 7, first=500))
    assert set(_reasons(odd)) <= {"term_not_offered", "in_arrears"}
    before = book.unbilled.copy()
    done = lived.step(_commands(lived.world, account, actions.INSTALMENT, 50_000, 12, first=900)).command_answers
    booked = account[done.reference[done.outcome == dialogue.COMMAND_DONE] - 900]
    assert len(booked) > 10
    assert (book.unbilled[booked] >= before[booked] + 45_000).mean() > 0.9


def test_waivers_give_back_what_was_charged(lived):
    book = lived.world.ledger
    told = lived.world.contact.charged
    charged = lived.accounts((told > 0) & (book.charges == 0) & (book.balance >= told))[:60]
    nothing = lived.accounts((told == 0) & (book.charges <= 0) & (book.balance > 0))[:40]
    expected = told[charged].copy()
    today = lived.step(_commands(lived.world, charged, actions.WAIVER))
    which = today.command_answers.reference[today.command_answers.outcome == dialogue.COMMAND_DONE] - 1
    assert len(which) > 10
    waived = today.entries.at((today.entries.type == entries.WAIVER) & np.isin(today.entries.account, charged[which]))
    sums = np.bincount(waived.account, -waived.amount, minlength=len(told))[charged[which]]
    assert (sums == expected[which]).mean() > 0.9, "but for fees of the day"
    more, _ = lived.answered(_commands(lived.world, charged[which], actions.WAIVER, first=200))
    assert _reasons(more).get("nothing_to_waive", 0) > 0.7 * len(which), "nothing is given back twice"
    refused, _ = lived.answered(_commands(lived.world, nothing, actions.WAIVER, 5_000, first=500))
    # Statements that close before a late answer charge interest to some of them.
    assert _reasons(refused).get("nothing_to_waive", 0) > 0.6 * len(nothing)


def test_accounts_that_are_not_there(lived):
    serials = set(range(1_200)) - set(lived.world.accounts.serial.tolist())
    one = np.array([min(serials)])
    unknown = Actions(commands=Commands(one, one * 0 + actions.BLOCK, one * 0, one * 0, one * 0 + 7))
    answers, _ = lived.answered(unknown)
    assert _reasons(answers) == {"no_such_account": 1}
    stranger = Actions(commands=Commands(one * 0 + 1_200, one * 0, one * 0, one * 0, one))
    with pytest.raises(BadInput, match="0 to 1,199"):
        lived.step(stranger)
