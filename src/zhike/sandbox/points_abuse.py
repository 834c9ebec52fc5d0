"""People who farm bonus points at a partner shop that plays along: buy, get the bonus, send everything back.

Before the bonus is taken back it has gone to another account, that of the group's mule. One group a city.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox import entries
from zhike.sandbox.accounts import Accounts
from zhike.sandbox.crime_cases import POINTS, Cases
from zhike.sandbox.dice import Dice, Rolls
from zhike.sandbox.entries import Entries
from zhike.sandbox.kinds_of_spending import SPENDING
from zhike.sandbox.ledger import Ledger
from zhike.sandbox.merchants import Merchants
from zhike.sandbox.people import People
from zhike.sandbox.places import CITIES
from zhike.sandbox.points import LEAST_FOR_BONUS, MOST_BONUSES, Points

Ints = NDArray[np.int64]
Index = NDArray[np.intp]

_FARMS_A_DAY, _SENT_BACK, _PASSES_ON = 0.16, 0.85, 0.30
_WORTH_PASSING = 200  # points


@dataclass(frozen=True)
class Abuse:
    """The shop of each case (-1 for other kinds), and the account of its mule, -1 for the mule itself."""

    shop: Ints
    mule: Ints


def make(people: People, accounts: Accounts, merchants: Merchants, points: Points, cases: Cases, dice: Dice) -> Abuse:
    """Who plays with whom: all of a city go to one shop; the first of every five of a block is their mule."""
    mine = np.flatnonzero(cases.kind == POINTS)
    city = people.city[accounts.person[cases.account[mine]]]
    shops = np.flatnonzero(points.partner[: len(CITIES) * len(SPENDING) * merchants.per_cell])
    place = merchants.city[shops]
    first, end = np.searchsorted(place, city), np.searchsorted(place, city, side="right")
    which = first + dice.rolls("accomplice", city).below("shop", np.maximum(end - first, 1))
    found = np.full(len(cases), -1, np.int64)
    found[mine] = np.where(end > first, shops[np.minimum(which, len(shops) - 1)], -1)
    mule = np.full(len(cases), -1, np.int64)
    head = np.arange(len(mine)) // 5 * 5
    mule[mine] = np.where(head == np.arange(len(mine)), -1, cases.account[mine[head]])
    return Abuse(found, mule)


def wishes(
    own: Abuse, cases: Cases, which: Index, rolls: Rolls, accounts: Accounts, ledger: Ledger, day: int
) -> Entries:
    """Today's purchases for the bonus: as many as earn one, each a little above the least amount."""
    rolls = rolls.at(which).on(day)
    account = cases.account[which]
    room = accounts.effective[account] - ledger.balance[account] > 5 * LEAST_FOR_BONUS
    goes = room & accounts.usable[account] & (own.shop[which] >= 0) & rolls.happens("farms", _FARMS_A_DAY)
    case = np.repeat(which[goes], MOST_BONUSES)
    turn = np.tile(np.arange(MOST_BONUSES), int(goes.sum()))
    again = rolls.at(np.repeat(np.flatnonzero(goes), MOST_BONUSES))
    each, account = again.on(turn + 1), cases.account[case]
    amount = LEAST_FOR_BONUS + each.below("above", 60) * 100
    second = 36_000 + again.below("clock", 38_000) + turn * 240 + each.below("minutes", 200)
    return entries.make(
        account, entries.PURCHASE, amount, card=accounts.main[account], merchant=own.shop[case], second=second,
        channel=entries.POS, case=case + 1,
    )  # fmt: skip


def sent_back(cases: Cases, today: Entries, rolls: Rolls, day: int) -> tuple[Index, Ints]:
    """Which of today's purchases the shop will take back, and the days on which it does."""
    bought = (today.type == entries.PURCHASE) & (today.response == entries.APPROVED) & (today.case > 0)
    which = np.flatnonzero(bought)
    which = which[cases.kind[today.case[which] - 1] == POINTS]
    own = rolls.at(today.case[which] - 1).on(day).on(today.second[which])
    back = own.happens("sent back", _SENT_BACK)
    return which[back], day + 1 + own.at(np.flatnonzero(back)).below("back in", 4)


def passed_on(own: Abuse, cases: Cases, which: Index, rolls: Rolls, points: Points, day: int) -> tuple[Index, Index]:
    """Accounts that give their points away today, and the mules who get them."""
    account = cases.account[which]
    gives = (own.mule[which] >= 0) & (points.balance[account] >= _WORTH_PASSING)
    gives &= rolls.at(which).on(day).happens("passes on", _PASSES_ON)
    return account[gives].astype(np.intp), own.mule[which][gives].astype(np.intp)
