"""How a ring member turns a limit into cash: when, in how many purchases, of which amounts, at which hours."""

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox import entries, rings, usage
from zhike.sandbox.accounts import Accounts
from zhike.sandbox.calendar import day_of
from zhike.sandbox.columns import among
from zhike.sandbox.crime_cases import Cases
from zhike.sandbox.dice import Rolls
from zhike.sandbox.entries import Entries
from zhike.sandbox.ledger import FULL, LEAST, Ledger
from zhike.sandbox.rings import Rings
from zhike.sandbox.spending import Buyers
from zhike.sandbox.usage import Usage

Ints = NDArray[np.int64]
Index = NDArray[np.intp]
Bools = NDArray[np.bool_]

_LEAST_WORTH = 60_000  # fen: less room is not worth the way
_AROUND = 3  # days before and after the statement day
_MOST_TRIES = 12
_BUSTS = 0.2  # members who pay nothing any more when they stop


def begin(cases: Cases, which: Index, rolls: Rolls, own: Rings, who: Buyers, state: Usage, ledger: Ledger) -> None:
    """Members who start today: how they pay from now on, and what daily life is left on the card."""
    account, ring = cases.account[which], cases.ring[which]
    ledger.habit[account] = np.where(own.least[ring], LEAST, FULL)
    quiet = among(state.state[account], (usage.WAITING, usage.ASLEEP))
    idle = quiet | rolls.at(which).happens("idle", own.idle[ring])
    who.pace[account] *= np.where(idle, 0.0, 0.3 + 0.7 * rolls.at(which).uniform("pace left"))
    state.state[account] = usage.ACTIVE


def busts(rolls: Rolls) -> Bools:
    """Members who will leave the last debt unpaid."""
    return rolls.happens("busts", _BUSTS)


def episodes(
    cases: Cases, which: Index, rolls: Rolls, own: Rings, accounts: Accounts, paid: Bools, paid_before: Bools, day: int
) -> Bools:
    """Which of these members empty their card today. ``paid``, ``paid_before``: accounts paid today, yesterday."""
    account, ring = cases.account[which], cases.ring[which]
    timing, night = own.timing[ring], own.night[ring]
    after_payment = np.where(night, paid_before[account], paid[account])
    monthly = rolls.at(which).below("own day", 27) + 1 == day_of(day).day
    due: Bools = np.select(
        [timing == rings.BY_STATEMENT, timing == rings.BY_PAYMENT],
        [_near_statement(accounts, account, rolls.at(which), day), after_payment],
        monthly,
    )
    due |= cases.start[which] == day
    return due


def _near_statement(accounts: Accounts, account: Ints, rolls: Rolls, day: int) -> Bools:
    """Whether today is this month's chosen day, at most three days before or after the statement day."""
    found = np.zeros(len(account), bool)
    for away in range(-_AROUND, _AROUND + 1):
        statement = day_of(day - away)
        month = rolls.on(statement.year * 12 + statement.month)
        chosen = month.below("days from statement", 2 * _AROUND + 1) - _AROUND
        found |= (accounts.statement_day[account] == statement.day) & (chosen == away)
    return found


def wishes(
    cases: Cases, which: Index, rolls: Rolls, own: Rings, accounts: Accounts, ledger: Ledger, paid_at: Ints, day: int
) -> Entries:
    """The purchases of today's episodes; ``paid_at`` is the second of today's payment by account, or -1."""
    room = accounts.effective[cases.account[which]] - ledger.balance[cases.account[which]]
    rolls = rolls.at(which).on(day)
    ring = cases.ring[which]
    share = np.where(own.empties[ring], 0.90 + 0.09 * rolls.uniform("share"), 0.35 + 0.4 * rolls.uniform("share"))
    target = (room * share).astype(np.int64)
    able = accounts.usable[cases.account[which]] & (target > _LEAST_WORTH)
    which, ring, target, rolls = which[able], ring[able], target[able], rolls.at(np.flatnonzero(able))
    count = _tries(own, ring, target, rolls)
    again = np.repeat(np.arange(len(which)), count)
    turn = np.arange(len(again)) - np.repeat(np.cumsum(count) - count, count)
    each, ring = rolls.at(again).on(turn + 1), ring[again]
    account = cases.account[which][again]
    amount = _amounts(own, ring, target[again], count[again], turn, each)
    # All of an episode at one shop; a third of them at another one of the ring.
    place = np.where(rolls.happens("elsewhere", 0.35), rolls.below("place", rings.SHOPS_A_RING), 0)[again]
    terminal = np.where(own.terminal[ring] >= 0, (own.terminal[ring] + place) % 3, each.below("any terminal", 3))
    second = _seconds(own.night[ring], paid_at[account], rolls.at(again), turn, terminal)
    return entries.make(
        account, entries.PURCHASE, amount, card=accounts.main[account], merchant=own.shops[ring, place],
        second=second, channel=entries.POS, case=which[again] + 1,
    )  # fmt: skip


def _tries(own: Rings, ring: Ints, target: Ints, rolls: Rolls) -> Ints:
    several = 3 + rolls.below("tries", 4)
    few = 1 + rolls.below("tries", 2)
    count = np.where(own.many[ring], several, few)
    count = np.where(own.one_large[ring] & rolls.happens("one large", 0.6), 1, count)
    return np.where(own.style[ring] == rings.REPEATED, np.clip(target // own.unit[ring], 1, _MOST_TRIES), count)


def _amounts(own: Rings, ring: Ints, target: Ints, count: Ints, turn: Ints, rolls: Rolls) -> Ints:
    """Fen. Round: whole thousands or hundreds, the rest last; repeated: the ring's sum; odd: as it falls."""
    step = np.where(target // count >= 200_000, 100_000, 10_000)
    part = target // count // step * step
    rest = (target - part * (count - 1)) // step * step
    whole = np.maximum(np.where(turn == count - 1, rest, part), 10_000)
    odd = (target / count * (0.88 + 0.12 * rolls.uniform("odd"))).astype(np.int64)
    repeated = np.minimum(own.unit[ring], np.maximum(target // 1_000 * 1_000, 10_000))
    styles = [own.style[ring] == rings.ROUND, own.style[ring] == rings.REPEATED]
    found: Ints = np.select(styles, [whole, repeated], odd)
    return found


def _seconds(night: Bools, paid_at: Ints, rolls: Rolls, turn: Ints, terminal: Ints) -> Ints:
    """Within some minutes of each other: at night, or by day, soon after today's payment. Ends on the terminal."""
    start = np.where(night, rolls.below("night", 16_500), 32_400 + rolls.below("day", 43_000))
    start = np.where((paid_at >= 0) & ~night, np.minimum(paid_at + 300 + rolls.below("soon", 5_400), 83_000), start)
    second: Ints = start + turn * (60 + rolls.below("minutes", 140))
    second += terminal - second % 3
    return second


def paybacks(
    made: Entries, cases: Cases, own: Rings, person: NDArray[np.int32], rolls: Rolls, day: int
) -> list[tuple[int, Ints, Ints]]:
    """(day, person, fen): what members get back of today's approved purchases, a day or two later."""
    posted = made.at((made.response == entries.APPROVED) & (made.case > 0))
    case = posted.case - 1
    mine = cases.ring[case] >= 0
    case, amount = case[mine], posted.amount[mine]
    which, place = np.unique(case, return_inverse=True)
    total = np.zeros(len(which), np.int64)
    np.add.at(total, place, amount)
    ring = cases.ring[which]
    back = np.round(total * (1 - own.fee[ring]), -2).astype(np.int64)
    wait = 1 + rolls.at(which).on(day).below("payback", 2)
    seen = own.quick_cash[ring]
    return [
        (day + days, person[cases.account[which[chosen]]].astype(np.int64), back[chosen])
        for days in (1, 2)
        if len(chosen := np.flatnonzero(seen & (wait == days)))
    ]
