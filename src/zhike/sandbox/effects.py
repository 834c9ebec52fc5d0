"""What an accepted offer does to the life of its taker: states, limits, plans, and the cost of the incentive."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox import (
    actions,
    borrowing,
    dialogue,
    eligibility,
    instalments,
    life,
    limit_requests,
    limits,
    satisfaction,
    spending,
    temporary_limits,
    usage,
)
from zhike.sandbox.accounts import CLOSED_BY_CUSTOMER, first_using
from zhike.sandbox.dialogue import Costs
from zhike.sandbox.entries import Entries
from zhike.sandbox.life import Steps

if TYPE_CHECKING:
    from zhike.sandbox.world import World

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

CASHBACK_LIFT, OVERSEAS_LIFT, DISCOUNT = 1.25, 1.6, 0.7
_RAISE, _MOST_RAISE = 0.20, 0.30
_TERM = 12
_HELD_BY = 1.25  # times the attachment, of who was won back
_MOST_ATTACHMENT = 5.0


@dataclass
class Gathered:
    """What the answers of a day leave for the day's files: filled by `accept` and by commands."""

    steps: list[Steps] = field(default_factory=list)
    entries: list[Entries] = field(default_factory=list)
    costs: list[Costs] = field(default_factory=list)
    limited: list[Ints] = field(default_factory=list)  # accounts whose limit changed
    changed: list[Ints] = field(default_factory=list)  # accounts of which something else is to be written anew


def accept(world: "World", person: Ints, offer: Ints, incentive: Ints, day: int) -> Bools:
    """Carries out what these people accept; gives who of them got it (of two for one account the first)."""
    if not len(person):
        return np.zeros(0, bool)
    account = eligibility.targets(world, person, offer, day)
    pair = account * len(actions.OFFERS) + offer
    first = np.zeros(len(person), bool)
    first[np.unique(pair, return_index=True)[1]] = True
    done = first & (account >= 0)
    for one in np.unique(offer[done]):
        rows = np.flatnonzero(done & (offer == one))
        # An offer before may have ended what this one rests on.
        still = eligibility.eligible(world, offer[rows], account[rows], day)
        done[rows[~still]] = False
        rows = rows[still]
        world.contact.until[one, account[rows]] = day + eligibility.DURATION[one]
        _EFFECTS[int(one)](world, account[rows], day)
    satisfaction.move(world.contact.satisfaction, person[done], satisfaction.BENEFIT)
    paid = done & (incentive > 0)
    costs = Costs.of(person=person[paid], kind=dialogue.INCENTIVE, amount=incentive[paid])
    world.contact.gathered.costs.append(costs)
    return done


def lift(world: "World", day: int) -> Floats:
    """How much more is bought on each account today because of what its holder accepted."""
    until = world.contact.until
    found = np.where(until[actions.CATEGORY_CASHBACK] >= day, CASHBACK_LIFT, 1.0)
    packed = np.flatnonzero(until[actions.OVERSEAS_PACK] >= day)
    if len(packed):
        found[packed] *= np.where(spending.is_abroad(world.buyers, packed, day), OVERSEAS_LIFT, 1.0)
    return found


def discount(world: "World", day: int) -> Floats:
    """The part of the usual interest that each account is charged today."""
    return np.where(world.contact.until[actions.RATE_DISCOUNT] >= day, DISCOUNT, 1.0)


def let_off(world: "World", day: int) -> Bools:
    """Which accounts have their annual fee waived because their holders were offered it."""
    taken: Bools = world.contact.until[actions.FEE_WAIVER] >= day
    return taken


def _use_first(world: "World", account: Ints, day: int) -> None:
    rolls = world.accounts.rolls.at(account).on(day)
    world.accounts.cards.first_use[account] = day + 1 + rolls.below("uses the gift", 3)


def _bind(world: "World", account: Ints, day: int) -> None:
    """Bound tomorrow or the day after; who has not used the card yet may now come to it."""
    cards, rolls = world.accounts.cards, world.accounts.rolls.at(account).on(day)
    card = world.accounts.main[account]
    cards.bound[card] = day + 1 + rolls.below("binds for the gift", 2)
    ever, mean = first_using(np.ones(len(account), bool))
    uses = (cards.first_use[account] > day) & rolls.happens("uses once bound", ever)
    soon = cards.bound[card] + rolls.wait("use once bound", mean)
    cards.first_use[account] = np.where(uses, np.minimum(cards.first_use[account], soon), cards.first_use[account])


def _raise_limit(world: "World", account: Ints, day: int) -> None:
    own, rolls = world.accounts, world.accounts.rolls.at(account).on(day)
    wished = own.limit[account] * (1 + _RAISE + _MOST_RAISE * rolls.uniform("offered limit"))
    _set_limit(world, account, np.minimum(wished, eligibility.MOST_LIMIT[own.product[account]]), day)


def _raise_for_a_while(world: "World", account: Ints, day: int) -> None:
    own, days = world.accounts, (day, day + int(eligibility.DURATION[actions.TEMPORARY_LIMIT]))
    own.extra.grant(account, limit_requests.wished(own, account, day), days, temporary_limits.OFFERED)


def _set_limit(world: "World", account: Ints, wished: NDArray[np.floating] | Ints, day: int) -> None:
    set_limit(world, account, np.round(wished / 100_000).astype(np.int64) * 100_000, day)


def set_limit(world: "World", account: Ints, limit: Ints, day: int) -> None:
    """Gives these accounts a limit (fen), by the holder's or the bank's word."""
    limits.move(world.accounts, account, limit, day)
    world.contact.gathered.limited.append(account)


def _split_bill(world: "World", account: Ints, day: int) -> None:
    own = world.accounts.rolls.at(account).on(day)
    principal = borrowing.part_of_bill(world.ledger.splittable[account], own)
    _start(world, instalments.BILL, account, principal, day)


def _split_purchase(world: "World", account: Ints, day: int) -> None:
    free = world.ledger.purchases[account] - world.ledger.split[account]
    _start(world, instalments.PURCHASE, account, free * 7 // 10 // 10_000 * 10_000, day)


def _take_cash(world: "World", account: Ints, day: int) -> None:
    room = world.accounts.limit[account] - world.ledger.balance[account]
    own = world.accounts.rolls.at(account).on(day)
    _start(world, instalments.CASH, account, np.maximum(borrowing.cash_wanted(room, own), 100_000), day)


def _start(world: "World", kind: int, account: Ints, principal: Ints, day: int) -> None:
    """Books plans of a year, as they are offered."""
    term = np.full(len(account), _TERM)
    paid, _ = world.instalments.start(world.accounts, world.ledger, kind, account, principal, term, day)
    world.contact.gathered.entries.append(paid)


def _upgrade(world: "World", account: Ints, _day: int) -> None:
    world.accounts.product[account] = eligibility.PREMIUM
    world.contact.gathered.changed.append(account)


def _stay(world: "World", account: Ints, _day: int) -> None:
    world.usage.state[account] = usage.ACTIVE
    held = world.usage.attachment[account] * _HELD_BY
    world.usage.attachment[account] = np.minimum(held, np.maximum(_MOST_ATTACHMENT, held / _HELD_BY))


def _wake(world: "World", account: Ints, _day: int) -> None:
    world.usage.state[account] = usage.ACTIVE


def _close(world: "World", account: Ints, day: int) -> None:
    world.contact.gathered.steps.append(life.close(world.accounts, account, CLOSED_BY_CUSTOMER, day))


def _pay_by_debit(world: "World", account: Ints, _day: int) -> None:
    world.accounts.autopay[account] = True
    world.contact.gathered.changed.append(account)


def _in_force(_world: "World", _account: Ints, _day: int) -> None:
    """Lasts until its day; others look at it."""


_EFFECTS: dict[int, Callable[["World", Ints, int], None]] = {
    **dict.fromkeys(range(len(actions.OFFERS)), _in_force),
    actions.FIRST_USE_GIFT: _use_first, actions.BINDING_GIFT: _bind, actions.LIMIT_INCREASE: _raise_limit,
    actions.TEMPORARY_LIMIT: _raise_for_a_while, actions.UPGRADE: _upgrade, actions.RETENTION: _stay,
    actions.BILL_INSTALMENT: _split_bill, actions.PURCHASE_INSTALMENT: _split_purchase,
    actions.CASH_INSTALMENT: _take_cash, actions.WAKE_UP: _wake,
    actions.ORDERLY_CLOSURE: _close, actions.AUTOPAY_SETUP: _pay_by_debit,
}  # fmt: skip
