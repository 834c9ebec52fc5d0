"""Who commits which crime and when, and whose card it befalls: drawn once, before the first day.

A case needs an account; an account has one case at most. Nothing here is known to the bank.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox.accounts import Accounts
from zhike.sandbox.calendar import NEVER
from zhike.sandbox.crime_rates import CrimeRates
from zhike.sandbox.dice import Dice, Rolls
from zhike.sandbox.parameters import Parameters
from zhike.sandbox.people import People
from zhike.sandbox.products import VIRTUAL
from zhike.sandbox.rings import Rings

Days = NDArray[np.int32]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

KINDS = ("cash_out", "application", "points", "lost_or_stolen", "card_not_present", "account_taken_over")
CASH_OUT, APPLICATION, POINTS, LOST, NOT_PRESENT, TAKEN_OVER = range(6)
THEFTS = (LOST, NOT_PRESENT, TAKEN_OVER)  # the holder is a victim
BY_HOLDER = (CASH_OUT, APPLICATION, POINTS)
_MEAN_REPORT_DAYS = {LOST: 1.3, NOT_PRESENT: 4.0, TAKEN_OVER: 3.0}
_LONGEST_REPORT = {LOST: 7, NOT_PRESENT: 30, TAKEN_OVER: 20}


@dataclass(frozen=True)
class Cases:
    """One position per case. ``end`` is the last day of the deeds; ``reported`` that on which a victim tells the bank.

    ``ring`` is the ring's number in the whole bank, or -1. NEVER where a day does not apply.
    """

    kind: Ints
    account: Ints
    card: Ints
    ring: Ints
    start: Days
    end: Days
    reported: Days

    def __len__(self) -> int:
        return len(self.kind)

    def at(self, index: NDArray[np.integer] | Bools) -> "Cases":
        return Cases(*(getattr(self, each.name)[index] for each in fields(self)))


def make(parameters: Parameters, people: People, accounts: Accounts, rings: Rings, dice: Dice) -> Cases:
    """All cases of a block until the last day. Where an account draws several, the first in the order of KINDS."""
    rates = parameters.crime
    found = [
        _members(parameters, people, accounts, rings),
        _false_applications(parameters, accounts, rates),
        _points_abusers(parameters, accounts, rates),
        *_thefts(parameters, people, accounts, rates, dice),
    ]
    whole = Cases(*(np.concatenate([getattr(part, each.name) for part in found]) for each in fields(Cases)))
    _, first = np.unique(whole.account, return_index=True)
    return whole.at(np.sort(first))


def rolls_of(dice: Dice, accounts: Accounts, cases: Cases) -> Rolls:
    """One roll for each case."""
    return dice.rolls("case", accounts.serial[cases.account] * 8 + cases.kind)


def _members(parameters: Parameters, people: People, accounts: Accounts, rings: Rings) -> Cases:
    """Accounts of ring members; each begins some time after the card is in use, and goes on for months."""
    ring = rings.of(people)[accounts.person]
    used = accounts.cards.activated[: len(accounts)]
    account = np.flatnonzero((ring >= 0) & (used <= parameters.last_day))
    rolls = accounts.rolls.at(account)
    window = parameters.last_day - parameters.first_day + 1
    start = parameters.first_day - 60 + (window * rolls.uniform("ring start")).astype(np.int64)
    start = np.maximum(np.maximum(start, parameters.first_day), used[account] + 1 + rolls.below("ring soon", 25))
    end = start + 100 + rolls.below("ring months", 420)
    return _cases(CASH_OUT, account, account, ring[account], start, end, NEVER, parameters)


def _false_applications(parameters: Parameters, accounts: Accounts, rates: CrimeRates) -> Cases:
    """New accounts under invented identities: used like others for some months, then run up and left."""
    first_use = accounts.cards.first_use[: len(accounts)].astype(np.int64)
    new = (accounts.opened >= parameters.first_day) & (first_use <= parameters.last_day) & (accounts.serial % 2 == 0)
    account = np.flatnonzero(new & accounts.rolls.happens("false application", rates.applications / 1e6))
    rolls = accounts.rolls.at(account)
    start = first_use[account] + 25 + rolls.below("run-up", 100)
    end = start + 4 + rolls.below("run-up days", 9)
    return _cases(APPLICATION, account, account, -1, start, end, NEVER, parameters)


def _points_abusers(parameters: Parameters, accounts: Accounts, rates: CrimeRates) -> Cases:
    used = accounts.cards.first_use[: len(accounts)].astype(np.int64)
    chosen = (used <= parameters.last_day) & accounts.rolls.happens("points abuse", rates.points_abusers / 1e6)
    account = np.flatnonzero(chosen)
    rolls = accounts.rolls.at(account)
    window = parameters.last_day - parameters.first_day + 1
    start = parameters.first_day + (0.7 * window * rolls.uniform("abuse start")).astype(np.int64)
    start = np.maximum(start, used[account] + 5)
    end = start + 90 + rolls.below("abuse days", 300)
    return _cases(POINTS, account, account, -1, start, end, NEVER, parameters)


def _thefts(
    parameters: Parameters, people: People, accounts: Accounts, rates: CrimeRates, dice: Dice
) -> Iterator[Cases]:
    """What befalls cards: each has its own day of misfortune, mostly far behind the last."""
    cards = accounts.cards
    card = np.flatnonzero(cards.first_use <= parameters.last_day)
    holder, rolls = cards.holder[card], dice.rolls("card", cards.serial[card])
    digital, diligence = people.digital[holder], people.diligence[holder]
    real = accounts.product[cards.account[card]] != VIRTUAL
    for kind, rate, leaning in (
        (LOST, rates.lost_or_stolen, np.where(real, 1.3 - 0.6 * diligence, 0.0)),
        (NOT_PRESENT, rates.card_not_present, 0.4 + 0.9 * digital),
        (TAKEN_OVER, rates.account_taken_over, (0.6 + 0.6 * digital) * (1.4 - 0.7 * diligence)),
    ):
        days = np.full(len(card), float(NEVER))
        likely = leaning * rate > 0
        days[likely] = rolls.at(np.flatnonzero(likely)).wait(KINDS[kind], 365e6 / (rate * leaning[likely]))
        start = parameters.first_day + days
        hit = np.flatnonzero((start <= parameters.last_day) & (start > cards.first_use[card] + 3))
        own = rolls.at(hit).on(kind)
        told = np.minimum(own.wait("report", _MEAN_REPORT_DAYS[kind]) + (kind != LOST), _LONGEST_REPORT[kind])
        reported = start[hit].astype(np.int64) + told
        account = cards.account[card[hit]].astype(np.int64)
        yield _cases(kind, account, card[hit], -1, start[hit], reported, reported, parameters)


def _cases(
    kind: int, account: NDArray[np.integer], card: NDArray[np.integer], ring: int | Ints, start: NDArray[np.number],
    end: NDArray[np.number], reported: NDArray[np.number] | np.int32, parameters: Parameters,
) -> Cases:  # fmt: skip
    """Cases that begin within the bank's days."""
    columns = np.broadcast_arrays(kind, account, card, ring, start, end, reported)
    within = np.asarray(columns[4]) <= parameters.last_day
    what, of, on, in_ring, first, last, told = (np.asarray(column)[within] for column in columns)
    return Cases(
        kind=what.astype(np.int64), account=of.astype(np.int64), card=on.astype(np.int64),
        ring=in_ring.astype(np.int64), start=_as_days(first), end=_as_days(last), reported=_as_days(told),
    )  # fmt: skip


def _as_days(day: NDArray[np.number]) -> Days:
    days: Days = np.minimum(day, NEVER).astype(np.int32)
    return days
