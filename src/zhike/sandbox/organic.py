"""What people do without being asked: the chance, from the very hazards that the world lives by, of doing by
themselves within some days what an offer asks of them.

- First use, binding: the holder will ever do it with a known chance, after a wait of constant hazard; given that it
  has not happened yet, Bayes' rule says how likely it still comes, and the wait how soon.
- Waking, coming back, closing, asking for more: chances a month, once on each statement day in the window.
- The rest: a log-in has its chance a day, taking the offer up at a log-in has its own (`ResponseCurves.alone`).

The state of today (use, satisfaction, irritation) is taken to stay as it is. What only the bank can bring about is 0.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox import accounts as holdings
from zhike.sandbox import (
    actions,
    borrowing,
    calendar,
    eligibility,
    instalments,
    limits,
    logins,
    response,
    satisfaction,
    spending,
    usage,
)
from zhike.sandbox.calendar import NEVER

if TYPE_CHECKING:
    from zhike.sandbox.world import World

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Hazard = Callable[["World", Ints, Floats, int, int], Floats]


def organic_probability(world: "World", person: Ints, offer: Ints, day: int, horizon_days: int) -> Floats:
    """Chance that each person, not contacted on ``day``, does what the offer asks on one of the ``horizon_days`` days
    after; 0 where the offer means nothing to them."""
    return given_irritation(world, person, offer, day, horizon_days, world.contact.memory.irritation)


def given_irritation(
    world: "World", person: Ints, offer: Ints, day: int, horizon_days: int, irritation: Floats,
    target: Ints | None = None,
) -> Floats:  # fmt: skip
    """The same with another irritation of everybody; ``target``: the accounts by `eligibility.targets`, if known."""
    ease = satisfaction.ease(world.contact.satisfaction, irritation)
    target = eligibility.targets(world, person, offer, day) if target is None else target
    found = np.zeros(len(person))
    for one in np.unique(offer[target >= 0]):
        rows = np.flatnonzero((target >= 0) & (offer == one))
        hazard = _HAZARDS.get(int(one))
        if hazard is not None:
            found[rows] = hazard(world, target[rows], ease[person[rows]], day, horizon_days)
        else:
            calm = np.exp(world.contact.memory.irritation[person[rows]] - irritation[person[rows]])
            alone = response.alone_probability(world, person[rows], offer[rows], day) * calm
            found[rows] = 1.0 - (1.0 - logins.chance(world, person[rows], day) * alone) ** horizon_days
    return found


def statement_days(world: "World", account: Ints, day: int, horizon_days: int) -> Ints:
    """How many statement days each account has on the ``horizon_days`` days after ``day``."""
    of_month = np.array([calendar.day_of(day + ahead).day for ahead in range(1, horizon_days + 1)])
    count = np.bincount(of_month, minlength=32)
    return count[world.accounts.statement_day[account]]


def _binds(world: "World", account: Ints, _ease: Floats, day: int, horizon_days: int) -> Floats:
    cards, card = world.accounts.cards, world.accounts.main[account]
    ever, mean = holdings.binding(world.people.digital[cards.holder[card]])
    return _still_to_come(ever, mean, day - cards.activated[card], horizon_days)


def _uses_first(world: "World", account: Ints, _ease: Floats, day: int, horizon_days: int) -> Floats:
    """Of a bound card by its own wait; of one not bound, by either road: never bound, or bound first."""
    cards = world.accounts.cards
    bound = cards.bound[account] <= day
    since = np.where(bound, np.minimum(cards.bound[account], day), cards.activated[account])
    ever, mean = holdings.first_using(bound)
    here = _still_to_come(ever, mean, day - since, horizon_days)
    binds, wait = holdings.binding(world.people.digital[cards.holder[account]])
    gone = day - cards.activated[account]
    to_bind = binds * (1 - _hazard(wait)) ** (gone + 1)
    unbound = (1 - binds) * (1 - ever + ever * (1 - _hazard(mean)) ** (gone + 1))
    ever_then, mean_then = holdings.first_using(np.ones(len(account), bool))
    both = ever_then * _two_waits(_hazard(wait), _hazard(mean_then), horizon_days)
    return np.where(bound, here, (unbound * here + to_bind * both) / (unbound + to_bind))


def _still_to_come(ever: Floats, mean_days: Floats, gone: NDArray[np.integer], horizon_days: int) -> Floats:
    """P(within the horizon | not in the ``gone`` days so far)."""
    left = 1 - _hazard(mean_days)
    waiting = ever * left ** (gone + 1)
    return waiting * (1 - left**horizon_days) / (1 - ever + waiting)


def _two_waits(first: Floats, second: Floats, horizon_days: int) -> Floats:
    """P(two waits one after the other end within the horizon), the first of at least a day."""
    one, both = np.ones_like(first), np.zeros_like(first)
    between = np.zeros_like(first)
    for _ in range(horizon_days):
        arrived = one * first
        between = between + arrived
        both = both + between * second
        between = between * (1 - second)
        one = one * (1 - first)
    return both


def _hazard(mean_days: Floats) -> Floats:
    """Of `Rolls.wait`."""
    return 1.0 / (1.0 + mean_days)


def _wakes(world: "World", account: Ints, ease: Floats, day: int, horizon_days: int) -> Floats:
    """Waking comes before closing on a statement day; who has closed wakes no more."""
    wakes = np.minimum(usage.waking(world.usage, account, ease), 1.0)
    leaves = np.where(world.ledger.balance[account] == 0, _leaves(world, account, ease, day), 0.0)
    left, found = np.ones(len(account)), np.zeros(len(account))
    days = statement_days(world, account, day, horizon_days)
    for turn in range(days.max(initial=0)):
        now = np.where(turn < days, left, 0.0)
        found += now * wakes
        left = left * (1 - wakes) * (1 - leaves)
    return found


def _returns(world: "World", account: Ints, ease: Floats, day: int, horizon_days: int) -> Floats:
    """From slipping, straight or by way of sleep."""
    back = np.minimum(usage.returning(world.usage, account, ease), 1.0)
    sleeps = np.minimum(usage.falling_asleep(world.usage, account, ease), 1 - back)
    wakes = usage.waking(world.usage, account, ease)
    slips, asleep, found = np.ones(len(account)), np.zeros(len(account)), np.zeros(len(account))
    days = statement_days(world, account, day, horizon_days)
    for turn in range(days.max(initial=0)):
        on = turn < days
        found += np.where(on, slips * back + asleep * wakes, 0.0)
        asleep = np.where(on, asleep * (1 - wakes) + slips * sleeps, asleep)
        slips = np.where(on, slips * (1 - back - sleeps), slips)
    return found


def _closes(world: "World", account: Ints, ease: Floats, day: int, horizon_days: int) -> Floats:
    chance = np.minimum(usage.closing_chance(world.usage, account, ease), 1.0)
    return 1.0 - (1.0 - chance) ** statement_days(world, account, day, horizon_days)


def _leaves(world: "World", account: Ints, ease: Floats, day: int) -> Floats:
    """Chance a month that the account is closed by holder or bank."""
    closes = np.minimum(usage.closing_chance(world.usage, account, ease), 1.0)
    return 1 - (1 - closes) * (1 - usage.given_up_chance(world.usage, account, day))


def _splits_bill(world: "World", account: Ints, _ease: Floats, day: int, horizon_days: int) -> Floats:
    """The chance of `borrowing` on each day of decision in the window, some days after each statement."""
    who = world.borrowers
    chance = who.chance[instalments.BILL][account] * _borrows(world, account, day)
    return _decides(world, account, chance, who.after[account], day, horizon_days)


def _takes_cash(world: "World", account: Ints, _ease: Floats, day: int, horizon_days: int) -> Floats:
    """Who gets statements and has room for more than the least sum; how much of the room is wanted is drawn."""
    who, own, book = world.borrowers, world.accounts, world.ledger
    room = np.maximum(own.limit[account] - book.balance[account], 1)
    enough = np.clip(1 - (borrowing.LEAST_CASH / room - 0.2) / 0.6, 0.0, 1.0)
    chance = who.chance[instalments.CASH][account] * enough * _borrows(world, account, day)
    return _decides(world, account, chance, who.after[account] + borrowing.DAYS_TO_DECIDE, day, horizon_days)


def _borrows(world: "World", account: Ints, day: int) -> NDArray[np.bool_]:
    """Who uses the card, got a statement lately, and has not too much in plans already."""
    book, state = world.ledger, world.usage.state[account]
    told = (book.statement[account] > day - 32) & (book.statement[account] != NEVER)
    light = book.unbilled[account] < borrowing.FULLEST * world.accounts.limit[account]
    found: NDArray[np.bool_] = told & light & np.isin(state, (usage.ACTIVE, usage.SLIPPING))
    return found


def _decides(world: "World", account: Ints, chance: Floats, after: Ints, day: int, horizon_days: int) -> Floats:
    found = np.zeros(len(account))
    for one in np.unique(after):
        rows = np.flatnonzero(after == one)
        count = statement_days(world, account[rows], day - int(one), horizon_days)
        found[rows] = 1.0 - (1.0 - chance[rows]) ** count
    return found


def _splits_purchase(world: "World", account: Ints, _ease: Floats, _day: int, horizon_days: int) -> Floats:
    """The chance of `borrowing` for each large purchase for which there is room, and as many of these as the holder
    makes on plain days."""
    own, book, who = world.accounts, world.ledger, world.buyers
    room = np.minimum(
        borrowing.FULLEST * own.limit[account] - book.unbilled[account], own.limit[account] - book.balance[account]
    )
    least = np.full(len(account), borrowing.LEAST_PURCHASE, np.float64)
    large = spending.above_a_day(who, account, least) - spending.above_a_day(who, account, np.maximum(room, least))
    tight = spending.eagerness(own, book)[account]
    pace = large * usage.PACE[world.usage.state[account]] * tight
    found: Floats = 1.0 - np.exp(-pace * world.borrowers.chance[instalments.PURCHASE][account] * horizon_days)
    return found


def _asks_for_more(world: "World", account: Ints, _ease: Floats, day: int, horizon_days: int) -> Floats:
    days = statement_days(world, account, day, horizon_days)
    found: Floats = 1.0 - np.power(1.0 - limits.ASKS_A_MONTH, days.astype(np.float64))
    return found


_HAZARDS: dict[int, Hazard] = {
    actions.FIRST_USE_GIFT: _uses_first, actions.BINDING_GIFT: _binds, actions.WAKE_UP: _wakes,
    actions.RETENTION: _returns, actions.ORDERLY_CLOSURE: _closes, actions.LIMIT_INCREASE: _asks_for_more,
    actions.BILL_INSTALMENT: _splits_bill, actions.CASH_INSTALMENT: _takes_cash,
    actions.PURCHASE_INSTALMENT: _splits_purchase,
}  # fmt: skip
