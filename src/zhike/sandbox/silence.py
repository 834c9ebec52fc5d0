"""Silent loss (DOMAIN section 2): who was active and then makes no movement for months, and how likely that was.

The *oracle* knows the hidden state of every account, what is due from its holder and how the world rolls: its chance of
silence is the ceiling for every score that is made from the bank's files.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox import billing, crime_cases, entries, spending, usage
from zhike.sandbox.accounts import BLOCKED, OPEN
from zhike.sandbox.calendar import NEVER, day_of
from zhike.sandbox.columns import among
from zhike.sandbox.entries import Entries
from zhike.sandbox.world import World

Days = NDArray[np.int32]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

HORIZON_MONTHS = 6
ACTIVE_DAYS = 92  # active: a movement of the holder in the last three months
MONTH_DAYS = 30.4
INITIATED = (entries.PURCHASE, entries.CASH, entries.CASH_PLAN, entries.PAYMENT)


def initiated(today: Entries) -> Bools:
    """Posted movements made by the holder: not by standing order, the bank or a shop."""
    found: Bools = among(today.type, INITIATED) & (today.response == entries.APPROVED)
    return found


def chance(world: World, day: int, horizon_months: int = HORIZON_MONTHS) -> Floats:
    """True chance of each account that its holder moves nothing in the months after the end of ``day``.

    Exact but for three things: the season is taken as ordinary, purchases are not held back by a limit that fills, and
    neither contacts nor events to come are foreseen.
    """
    own, state = world.accounts, world.usage.state
    until = day + round(horizon_months * MONTH_DAYS)
    usable = (own.status == OPEN) & (own.card_from <= until)  # else the holder never activated the new card
    buys = np.where(usable[:, None], _no_purchase_rates(world), 0.0)
    spread = np.zeros((len(own), 4))
    spread[np.arange(len(own)), state] = 1.0
    month = _month(world)
    ahead = (own.statement_day - day_of(day).day - 1) % 30 + 1.0  # days until the next statement
    spread *= np.exp(-buys * ahead[:, None])
    for turn in range(horizon_months):
        spread = np.einsum("nf,nft->nt", spread, month)
        days = MONTH_DAYS if turn < horizon_months - 1 else MONTH_DAYS - ahead
        spread *= np.exp(-buys * np.broadcast_to(days, len(own))[:, None])
    quiet: Floats = spread.sum(axis=1) * _pays_nothing(world, day, horizon_months)
    gone = own.status > BLOCKED
    return np.where(
        _used_for_sure(world, day, day + round(horizon_months * MONTH_DAYS)), 0.0, np.where(gone, 1.0, quiet)
    )


def _used_for_sure(world: World, day: int, until: int) -> Bools:
    """Accounts whose first use comes in this time, and those that crime makes use of."""
    own, cases = world.accounts, world.crime.cases
    first = own.cards.first_use[: len(own)].astype(np.int64)
    found: Bools = (own.status == OPEN) & (first > day) & (first <= until)
    misused = cases.account[(cases.start <= until) & (cases.end > day)]
    found[misused] |= own.status[misused] == OPEN
    return found


def _left_behind(world: World, day: int) -> NDArray[np.int64]:
    """Accounts under an invented identity that were run up: nobody is there to use or to pay them."""
    cases = world.crime.cases
    return cases.account[(cases.kind == crime_cases.APPLICATION) & (cases.end <= day)]


def _no_purchase_rates(world: World) -> Floats:
    """Accounts × states: purchases and cash advances a day."""
    who, awake = world.buyers, np.array([0.0, 1.0, 1.0, 0.0])
    found: Floats = who.pace[:, None] * usage.PACE + spending.CASH_A_DAY * who.need_for_credit[:, None] * awake
    return found


def _month(world: World) -> Floats:
    """Accounts × from × to: chances of the states at a statement day, as `usage.month_passes` rolls them."""
    own, index = world.usage, np.arange(len(world.accounts))
    ease = world.contact.ease(world.accounts.person)
    back = np.minimum(usage.returning(own, index, ease), 1.0)
    slips, wakes = (np.minimum(each(own, index, ease), 1.0) for each in (usage.slipping, usage.waking))
    sleeps = np.minimum(usage.falling_asleep(own, index, ease), 1.0 - back)
    found = np.zeros((len(index), 4, 4))
    found[:, usage.WAITING, usage.WAITING] = 1.0
    found[:, usage.ACTIVE, usage.SLIPPING], found[:, usage.ACTIVE, usage.ACTIVE] = slips, 1 - slips
    found[:, usage.SLIPPING, usage.ACTIVE], found[:, usage.SLIPPING, usage.ASLEEP] = back, sleeps
    found[:, usage.SLIPPING, usage.SLIPPING] = 1 - back - sleeps
    found[:, usage.ASLEEP, usage.ACTIVE], found[:, usage.ASLEEP, usage.ASLEEP] = wakes, 1 - wakes
    return found


def _pays_nothing(world: World, day: int, horizon_months: int) -> Floats:
    """Chance that the holder, who buys nothing meanwhile, makes no payment by hand either."""
    own, book = world.accounts, world.ledger
    planned = (book.plan_day > day) & (book.plan_day != NEVER) & (np.minimum(book.plan, book.balance) > 0)
    late = (book.late_days(day) + 29) // 30
    quiet, misses = np.ones(len(own)), billing.miss_chance(world.people, own, np.arange(len(own)))
    for month in range(horizon_months - 1):
        behind = np.where((late > 0) | (month > 0), late + month, 0)
        cures = billing.CURES[np.minimum(behind, len(billing.CURES) - 1)]
        quiet *= np.where(behind > 0, 1 - cures, misses)
    quiet = np.where(book.balance > 0, quiet, 1.0)
    return np.where(own.autopay, 1.0, np.where(planned, 0.0, quiet))


@dataclass
class _Mark:
    """What stood at the end of a month, and when each account moved first in the month after it."""

    day: int
    state: NDArray[np.int32]
    status: NDArray[np.int32]
    last: Days
    late: NDArray[np.int64]
    balance: NDArray[np.int64]
    chance: Floats
    first_after: Days


class Silence:
    """Sees every day of a block; tells month by month who was active, who then fell silent, and the oracle's chance."""

    def __init__(self, world: World, horizon_months: int = HORIZON_MONTHS) -> None:
        self._world, self._horizon_months = world, horizon_months
        self.horizon_days = round(horizon_months * MONTH_DAYS)
        self.last: Days = np.full(len(world.accounts), NEVER, np.int32)
        self.marks: list[_Mark] = []

    def moved(self, today: Entries, day: int) -> None:
        """Notes the holders' movements of a day."""
        own = today.at(initiated(today))
        when = (day - own.ago).astype(np.int32)
        known = np.where(self.last == NEVER, np.iinfo(np.int32).min, self.last)
        np.maximum.at(known, own.account, when)
        self.last = np.where(known == np.iinfo(np.int32).min, NEVER, known).astype(np.int32)
        if self.marks:
            np.minimum.at(self.marks[-1].first_after, own.account, when)

    def mark(self, day: int) -> None:
        """Notes the end of a month."""
        own, book = self._world.accounts, self._world.ledger
        self.marks.append(
            _Mark(
                day, self._world.usage.state.copy(), own.status.copy(), self.last.copy(), book.late_days(day),
                book.balance.copy(), chance(self._world, day, self._horizon_months), np.full(len(own), NEVER, np.int32),
            )
        )  # fmt: skip

    def next_moves(self) -> list[Days]:
        """For each mark the first day after it on which each account moved, NEVER where it did not until the end."""
        found: list[Days] = []
        soonest = np.full(len(self._world.accounts), NEVER, np.int32)
        for mark in reversed(self.marks):
            soonest = np.minimum(soonest, mark.first_after)
            found.append(soonest)
        return found[::-1]

    def active(self, mark: _Mark) -> Bools:
        """Accounts not closed with a movement of the holder in the last three months."""
        found: Bools = (
            (mark.status <= BLOCKED) & (mark.last != NEVER) & (mark.day - mark.last.astype(np.int64) < ACTIVE_DAYS)
        )
        return found
