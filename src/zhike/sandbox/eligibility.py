"""Which offers mean something to whom: the account that an offer to a person would go to."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox import actions, usage
from zhike.sandbox.accounts import OPEN
from zhike.sandbox.billing import GRACE_CENTS
from zhike.sandbox.calendar import NEVER
from zhike.sandbox.columns import among
from zhike.sandbox.ledger import FULL
from zhike.sandbox.products import PRODUCTS

if TYPE_CHECKING:
    from zhike.sandbox.world import World

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Rule = Callable[["World", Ints, int], Bools]

# Days for which an accepted offer is in force, or for which the same is not taken again.
DURATION = np.array([30, 30, 30, 25, 25, 60, 180, 60, 365, 90, 60, 365, 60, 60, 365, 365, 365, 365, 1])
FEES = np.array([product.annual_fee for product in PRODUCTS])
MOST_LIMIT = np.array([product.limits[1] for product in PRODUCTS]) * 100
PREMIUM = next(position for position, product in enumerate(PRODUCTS) if product.family == "5")
_ORDINARY_FAMILY = np.array([product.family in ("1", "2") for product in PRODUCTS])
_LEAST_PLAN, _LEAST_PURCHASES, _LEAST_CASH = 60_000, 150_000, 500_000
_LEAST_PREMIUM = PRODUCTS[PREMIUM].limits[0] * 100


def targets(world: "World", person: Ints, offer: Ints, day: int) -> Ints:
    """The account of each person to which the offer means something, the older one first; -1 for none."""
    first, second = accounts_of(world, person)
    if not len(world.accounts):
        return first
    good = eligible(world, np.concatenate([offer, offer]), np.concatenate([first, second]), day)
    return np.where(good[: len(first)], first, np.where(good[len(first) :], second, -1))


def accounts_of(world: "World", person: Ints) -> tuple[Ints, Ints]:
    """Both accounts of each person, -1 for none."""
    holders = world.accounts.person
    start = np.searchsorted(holders, person)
    end = np.searchsorted(holders, person, side="right")
    return np.where(end > start, start, -1), np.where(end > start + 1, start + 1, -1)


def eligible(world: "World", offer: Ints, account: Ints, day: int) -> Bools:
    """Whether each offer means something to its account (-1: to none) as the world stands."""
    found = np.zeros(len(account), bool)
    open_now = (account >= 0) & (world.accounts.opened[account] <= day) & (world.accounts.status[account] == OPEN)
    free = open_now & (world.contact.until[offer, account] < day)
    for one in np.unique(offer[free]):
        rows = np.flatnonzero(free & (offer == one))
        found[rows] = _RULES[int(one)](world, account[rows], day)
    return found


def _punctual(world: "World", account: Ints) -> Bools:
    found: Bools = world.ledger.past_due_since[account] == NEVER
    return found


def _active(world: "World", account: Ints) -> Bools:
    found: Bools = world.usage.state[account] == usage.ACTIVE
    return found


def _owed(world: "World", account: Ints) -> Ints:
    """What is left of the last statement, fen."""
    return world.ledger.due_in_full[account] - world.ledger.paid[account]


def _unused(world: "World", account: Ints, day: int) -> Bools:
    cards = world.accounts.cards
    waiting = world.usage.state[account] == usage.WAITING
    found: Bools = waiting & (cards.activated[account] <= day) & (cards.first_use[account] > day)
    return found


def _unbound(world: "World", account: Ints, day: int) -> Bools:
    cards, card = world.accounts.cards, world.accounts.main[account]
    return (cards.activated[card] <= day) & (cards.bound[card] > day)


def _alive(world: "World", account: Ints, _day: int) -> Bools:
    return among(world.usage.state[account], (usage.ACTIVE, usage.SLIPPING))


def _bill_plan(world: "World", account: Ints, _day: int) -> Bools:
    free = world.ledger.splittable[account]
    return _punctual(world, account) & (free >= _LEAST_PLAN) & (free <= _owed(world, account))


def _purchase_plan(world: "World", account: Ints, _day: int) -> Bools:
    free = world.ledger.purchases[account] - world.ledger.split[account]
    return _punctual(world, account) & (free >= _LEAST_PURCHASES)


def _cash_plan(world: "World", account: Ints, day: int) -> Bools:
    room = world.accounts.limit[account] - world.ledger.balance[account]
    return _punctual(world, account) & (room > _LEAST_CASH) & (day - world.accounts.opened[account] > 90)


def _higher_limit(world: "World", account: Ints, day: int) -> Bools:
    own = world.accounts
    room = own.limit[account] * 1.1 < MOST_LIMIT[own.product[account]]
    settled = (day - own.limit_since[account] > 180) & (day - own.opened[account] > 180)
    return _punctual(world, account) & _active(world, account) & room & settled


def _more_for_a_while(world: "World", account: Ints, day: int) -> Bools:
    """One temporary limit at a time."""
    held = world.accounts.extra.waits_or_holds(day)[account]
    return _punctual(world, account) & _active(world, account) & ~held


def _costs_a_fee(world: "World", account: Ints, _day: int) -> Bools:
    return FEES[world.accounts.product[account]] > 0


def _revolves(world: "World", account: Ints, _day: int) -> Bools:
    found: Bools = (world.ledger.habit[account] != FULL) & (_owed(world, account) > GRACE_CENTS)
    return found


def _could_be_premium(world: "World", account: Ints, _day: int) -> Bools:
    own = world.accounts
    ordinary = _ORDINARY_FAMILY[own.product[account]] & (own.limit[account] >= _LEAST_PREMIUM)
    return ordinary & _punctual(world, account) & _active(world, account)


def _slipping(world: "World", account: Ints, _day: int) -> Bools:
    found: Bools = world.usage.state[account] == usage.SLIPPING
    return found


def _asleep(world: "World", account: Ints, _day: int) -> Bools:
    found: Bools = world.usage.state[account] == usage.ASLEEP
    return found


def _idle(world: "World", account: Ints, day: int) -> Bools:
    state, opened = world.usage.state[account], world.accounts.opened[account]
    unused = (state == usage.WAITING) & (day - opened > 180)
    owes = (world.ledger.balance[account] != 0) | (world.ledger.unbilled[account] != 0)
    found: Bools = ~owes & ((state == usage.ASLEEP) | unused)
    return found


def _pays_by_hand(world: "World", account: Ints, _day: int) -> Bools:
    return ~world.accounts.autopay[account] & among(world.usage.state[account], (usage.ACTIVE, usage.SLIPPING))


def _no_debts_late(world: "World", account: Ints, _day: int) -> Bools:
    return _punctual(world, account)


def _also_in_core(world: "World", account: Ints, _day: int) -> Bools:
    return world.people.in_core[world.accounts.person[account]]


def _nobody(_world: "World", account: Ints, _day: int) -> Bools:
    return np.zeros(len(account), bool)


_RULES: dict[int, Rule] = {
    actions.FIRST_USE_GIFT: _unused, actions.BINDING_GIFT: _unbound, actions.CATEGORY_CASHBACK: _alive,
    actions.BILL_INSTALMENT: _bill_plan, actions.PURCHASE_INSTALMENT: _purchase_plan,
    actions.CASH_INSTALMENT: _cash_plan, actions.LIMIT_INCREASE: _higher_limit,
    actions.TEMPORARY_LIMIT: _more_for_a_while, actions.FEE_WAIVER: _costs_a_fee, actions.RATE_DISCOUNT: _revolves,
    actions.OVERSEAS_PACK: _alive, actions.UPGRADE: _could_be_premium, actions.RETENTION: _slipping,
    actions.WAKE_UP: _asleep, actions.ORDERLY_CLOSURE: _idle, actions.AUTOPAY_SETUP: _pays_by_hand,
    actions.LOAN_REFERRAL: _no_debts_late, actions.WEALTH_REFERRAL: _also_in_core, actions.GENERAL_NEWS: _nobody,
}  # fmt: skip
