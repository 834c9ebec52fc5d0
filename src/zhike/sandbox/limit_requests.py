"""Who asks for a limit for a while: before a trip, before a feast, or for a large purchase; the bank grants it to those
who pay on time.
"""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox import calendar, spending, usage
from zhike.sandbox.accounts import Accounts
from zhike.sandbox.calendar import NEVER
from zhike.sandbox.columns import Ints
from zhike.sandbox.temporary_limits import ASKED, HOLIDAY, SALES, SPRING_FESTIVAL, TRAVEL

if TYPE_CHECKING:
    from zhike.sandbox.world import World

Bools = NDArray[np.bool_]

# Who goes abroad next week and asks for it two days before; who asks on an ordinary day.
_FOR_A_TRIP, _TRIP_LEAD, _TRIP_DAYS = 0.30, 2, 10
_ASKS_A_DAY, _ASKED_DAYS = 0.0002, 30
# Of the usual limit: from a fifth to half of it more, in thousands of yuan.
_LEAST_MORE, _SPREAD_MORE, _STEP = 0.20, 0.30, 100_000
_HELD_DAYS = 90  # by then the bank knows how the holder pays


@dataclass(frozen=True)
class Occasion:
    """A feast before which limits are raised: asked for on ``lead`` days before it, kept until ``days`` after it."""

    month: int
    day: int
    lead: int
    days: int
    chance: float
    reason: int


_OCCASIONS = (
    Occasion(5, 1, 7, 7, 0.012, HOLIDAY), Occasion(6, 18, 10, 6, 0.010, SALES),
    Occasion(10, 1, 10, 10, 0.025, HOLIDAY), Occasion(11, 11, 10, 6, 0.020, SALES),
)  # fmt: skip
_FEAST_LEAD, _FEAST_DAYS, _FEAST_CHANCE = 14, 10, 0.05


@dataclass(frozen=True)
class _Coming:
    """A feast that is ``left`` days away, of at most ``lead``; limits for it hold until ``last``."""

    lead: int
    left: int
    last: int
    chance: float
    reason: int


def wished(accounts: Accounts, account: NDArray[np.integer], day: int) -> Ints:
    """The temporary limits (fen) that these accounts would get: a fifth to half more, in thousands of yuan."""
    luck = accounts.rolls.at(account).on(day).uniform("temporary limit")
    more = accounts.limit[account] * (_LEAST_MORE + _SPREAD_MORE * luck)
    return accounts.limit[account] + np.maximum(np.round(more / _STEP), 1).astype(np.int64) * _STEP


def day_of_requests(world: "World", day: int) -> None:
    """Who asks today gets it from tomorrow on, for a trip from its first day on."""
    own = world.accounts
    can = own.usable & (world.usage.state == usage.ACTIVE) & (world.ledger.past_due_since == NEVER)
    can &= (own.opened <= day - _HELD_DAYS) & ~own.extra.waits_or_holds(day)
    open_to = np.flatnonzero(can)
    rolls, need = own.rolls.at(open_to), 0.5 + world.buyers.need_for_credit[open_to]
    taken = np.zeros(len(open_to), bool)
    wishes: list[tuple[Bools, int, int, int]] = []
    if (day + _TRIP_LEAD) % 7 == 0:  # a new week, in which holders are in one place
        goes = spending.is_abroad(world.buyers, open_to, day + _TRIP_LEAD)
        goes &= rolls.on(day).happens("limit for the trip", _FOR_A_TRIP)
        wishes.append((goes, day + _TRIP_LEAD, day + _TRIP_LEAD + _TRIP_DAYS - 1, TRAVEL))
    for feast in _feasts(day):
        own_luck = rolls.on(feast.last)
        turn = own_luck.below("day before the feast", feast.lead) == feast.lead - feast.left
        asks = turn & own_luck.happens("limit for the feast", feast.chance * need)
        wishes.append((asks, day + 1, feast.last, feast.reason))
    asked = rolls.on(day).happens("limit for a while", _ASKS_A_DAY * need)
    wishes.append((asked, day + 1, day + _ASKED_DAYS, ASKED))
    for asks, start, end, reason in wishes:
        account = open_to[asks & ~taken]
        taken |= asks
        if len(account):
            own.extra.grant(account, wished(own, account, day), (start, end), reason)


def _feasts(day: int) -> list[_Coming]:
    today = calendar.day_of(day)
    coming = [(date(today.year, each.month, each.day), each) for each in _OCCASIONS]
    feast = calendar.spring_festival(today.year)
    if feast is not None:
        spring = Occasion(feast.month, feast.day, _FEAST_LEAD, _FEAST_DAYS, _FEAST_CHANCE, SPRING_FESTIVAL)
        coming.append((feast, spring))
    found = []
    for when, each in coming:
        left = (when - today).days
        if 1 <= left <= each.lead:
            found.append(_Coming(each.lead, left, day + left + each.days, each.chance, each.reason))
    return found
