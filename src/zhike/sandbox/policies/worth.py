"""What an accepted offer is worth to the bank until the game ends, learned from twin worlds.

A twin is a copy of the world whose chance from now on is another: it says what may happen, not what will. In one twin
each person accepts one offer that means something to them, drawn at random, in the other nobody does; the difference
in their profit is what the acceptance was worth. Few people have many twins, so the worth of an offer is fitted by
least squares on what the true state says of a person, and taken to shrink with the days that are left.
"""

import copy

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox import effects
from zhike.sandbox.actions import LOAN_REFERRAL, OFFERS, WEALTH_REFERRAL
from zhike.sandbox.contact_truth import pairs
from zhike.sandbox.costing import ORDINARY
from zhike.sandbox.dice import Rolls
from zhike.sandbox.policies.choosing import Floats, Ints
from zhike.sandbox.profit import Profit
from zhike.sandbox.spending import monthly_spend
from zhike.sandbox.world import World

TWINS = 4
_REFERRAL_FEES = np.zeros(len(OFFERS))  # paid at once, for the answer itself
_REFERRAL_FEES[[LOAN_REFERRAL, WEALTH_REFERRAL]] = ORDINARY.loan_referral, ORDINARY.wealth_referral
_SHRINKS = 30.0  # as many people who show no worth stand in every fit


class Worth:
    """Learned on ``day`` for the days until ``last_day``; `of` tells fen an acceptance, `stay` fen a customer kept."""

    def __init__(self, world: World, day: int, last_day: int, twins: int = TWINS) -> None:
        self._start, self._last = day, last_day
        features = _features(world)
        rows: list[tuple[Ints, Ints, Floats]] = []
        baseline = np.zeros(len(world.people))
        for turn in range(twins):
            calm, other = _twin(world, turn), _twin(world, turn)
            person, offer = _drawn(world, day, turn)
            taken = effects.accept(other, person, offer, np.zeros(len(person), np.int64), day)
            without = _lived(calm, day, last_day)
            baseline += without / twins
            gain = _lived(other, day, last_day) - without
            rows.append((person[taken], offer[taken], gain[person[taken]]))
        person, offer, gain = (np.concatenate([row[place] for row in rows]) for place in range(3))
        self._fits = np.stack([_fit(features, person, gain, offer == one) for one in range(len(OFFERS))])
        self._stay = np.maximum(baseline, 0.0)

    def of(self, world: World, person: Ints, offer: Ints, day: int) -> Floats:
        """Fen that an acceptance on ``day`` brings until the end, incentive not counted."""
        found: Floats = (_features(world)[person] * self._fits[offer]).sum(axis=1) * self._left(day)
        return found + _REFERRAL_FEES[offer]

    def stay(self, person: Ints, day: int) -> Floats:
        """Fen that each of these brings from ``day`` until the end if they stay."""
        return self._stay[person] * self._left(day)

    def _left(self, day: int) -> float:
        return max(self._last - day + 1, 0) / (self._last - self._start + 1)


def _twin(world: World, turn: int) -> World:
    """The same world with another chance from here on."""
    other = copy.deepcopy(world)
    seen: set[int] = set()
    _rekey(other, turn + 1, seen)
    return other


def _rekey(thing: object, key: int, seen: set[int]) -> None:
    """Gives every roll under ``thing`` one more key, in place; what was drawn already stays as it is."""
    if id(thing) in seen or isinstance(thing, np.ndarray | str | bytes | int | float | type(None)):
        return
    seen.add(id(thing))
    if isinstance(thing, Rolls):
        thing.turn(key)
    elif isinstance(thing, dict):
        for each in thing.values():
            _rekey(each, key, seen)
    elif isinstance(thing, list | tuple):
        for each in thing[:1] if thing and isinstance(thing[0], str | int | float) else thing:
            _rekey(each, key, seen)
    elif hasattr(thing, "__dict__"):
        _rekey(vars(thing), key, seen)


def _drawn(world: World, day: int, turn: int) -> tuple[Ints, Ints]:
    """One offer for each person to whom any means something."""
    person, offer = pairs(world, day)
    luck = world.people.rolls.at(person).on(day).on(offer).on(turn).uniform("offer in a twin world")
    order = np.lexsort((luck, person))
    _, first = np.unique(person[order], return_index=True)
    chosen = order[first]
    return person[chosen], offer[chosen]


def _lived(world: World, day: int, last_day: int) -> Floats:
    """What each person brings from ``day`` to ``last_day``, fen."""
    profit = Profit(world, day - 1)
    for each in range(day, last_day + 1):
        profit.see(world.step(each))
    found: Floats = profit.so_far().sum(axis=0).astype(np.float64)
    return found


def _features(world: World) -> Floats:
    """People × what the true state says of them: a constant, spending, debt, room, what bears interest."""
    own, book = world.accounts, world.ledger
    spend = monthly_spend(world.buyers).astype(np.float64)
    owed = np.maximum(book.balance, 0).astype(np.float64)
    bears = np.where(book.habit > 0, owed, 0.0)
    columns = (spend, owed, np.maximum(own.limit - book.balance, 0) * 1.0, bears)
    found = [np.bincount(own.person, column, minlength=len(world.people)) / 1e6 for column in columns]
    found.append(found[0] * world.people.need_for_credit)
    return np.stack([np.ones(len(world.people)), *found], axis=1)


def _fit(features: Floats, person: Ints, gain: Floats, kept: NDArray[np.bool_]) -> Floats:
    """Ridge regression; outliers are cut at the 1st and 99th of a hundred, for one charge-off is no lesson."""
    if not kept.any():
        return np.zeros(features.shape[1])
    given, got = features[person[kept]], gain[kept]
    got = np.clip(got, *np.quantile(got, (0.01, 0.99)))
    penalty = _SHRINKS * np.diag((given**2).mean(axis=0) + 1e-9)
    found: Floats = np.linalg.solve(given.T @ given + penalty, given.T @ got)
    return found
