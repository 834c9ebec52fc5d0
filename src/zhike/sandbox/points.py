"""Points: earned with the statement, promised by partner shops, redeemed, passed on, expired, taken back on refunds.

Whole points in four lots by age, the oldest spent first. What cannot be taken back because it is gone already is owed
and taken out of what comes next, so a balance is never below zero and always the sum of its movements.
"""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox import entries
from zhike.sandbox.accounts import BLOCKED, Accounts
from zhike.sandbox.calendar import NEVER, day_of
from zhike.sandbox.columns import Columns
from zhike.sandbox.dice import Dice
from zhike.sandbox.entries import Entries
from zhike.sandbox.merchants import Merchants

Ints = NDArray[np.int64]
Index = NDArray[np.intp]
Bools = NDArray[np.bool_]

KINDS = ("01", "02", "03", "04", "05", "06")
EARN, PROMOTION, REDEEM, EXPIRE, REVERSE, TRANSFER = range(6)

FEN_A_POINT = 2_000
YEARS = 3  # points expire three years after they were earned, in the month of the account's opening
BONUS, LEAST_FOR_BONUS, MOST_BONUSES = 50, 50_000, 3  # points; fen; a day
# Wholesale, hospitals, utilities, insurance, schools, property, agencies.
_EXCLUDED = ("5099", "8062", "4900", "6300", "8299", "6513", "7399", "6011")
_PARTNERS = 0.11
_REDEEMS_A_MONTH, _LEAST_REDEEMED, _PASSES_ON = 0.11, 1_000, 0.30
_MORNING, _REVERSED, _STATEMENT, _EXPIRY, _CLOSING = 21_600, 23_400, 84_600, 85_500, 86_000


@dataclass(frozen=True)
class Moved(Columns):
    """Movements of points of one day. ``points`` with sign, ``balance`` after it, ``other`` the account they come from
    or go to (else -1), ``ago`` how many days before the file's day, ``case`` as in `Entries`."""

    account: Ints
    kind: Ints
    second: Ints
    points: Ints
    balance: Ints
    other: Ints
    ago: Ints
    case: Ints


@dataclass
class Points:
    """Columns per account; ``lots[0]`` is the oldest year. ``earns`` and ``partner`` are per shop, the last is none."""

    lots: Ints
    cycle: Ints  # earned since the statement
    owed: Ints
    redeem_on: NDArray[np.int32]
    kin: Ints  # an account of the partner, or -1
    earns: Bools
    partner: Bools
    promised: dict[int, tuple[Ints, Ints]] = field(default_factory=dict)  # day: bonus points, points to take back

    @property
    def balance(self) -> Ints:
        whole: Ints = self.lots.sum(axis=0)
        return whole


def make(accounts: Accounts, merchants: Merchants, partner_of: NDArray[np.int32], dice: Dice) -> Points:
    """Nobody has points yet. ``partner_of``: position of each person's partner, or -1."""
    count = len(accounts)
    first = np.full(len(partner_of) + 1, -1, np.int64)
    first[accounts.person[::-1]] = np.arange(count)[::-1]
    earns = ~np.isin(merchants.mcc, _EXCLUDED)
    chosen = dice.rolls("partner shop", np.arange(len(merchants))).happens("partner", _PARTNERS) & earns
    return Points(
        lots=np.zeros((YEARS + 1, count), np.int64), cycle=np.zeros(count, np.int64), owed=np.zeros(count, np.int64),
        redeem_on=np.full(count, NEVER, np.int32), kin=first[partner_of[accounts.person]],
        earns=np.append(earns, False), partner=np.append(chosen, False),
    )  # fmt: skip


def bring_forward(own: Points, accounts: Accounts, monthly: Ints, day: int) -> Moved:
    """What holders have when the files begin: of what they spent in three years, what they did not redeem."""
    used = np.flatnonzero(accounts.cards.first_use[: len(accounts)] < day)
    months = np.clip((day - accounts.opened[used]) / 30.4, 0, 12 * YEARS)
    kept = accounts.rolls.at(used).uniform("points kept") ** 1.5
    whole = (monthly[used] / FEN_A_POINT * months * 0.85 * kept).astype(np.int64)
    for age in range(YEARS):
        own.lots[age, used] = whole // YEARS
    own.lots[YEARS - 1, used] += whole - whole // YEARS * YEARS
    used = used[whole > 0]
    return _with_balance(_moved(used, EARN, own.balance[used], 0, ago=1), np.zeros(len(accounts), np.int64))


def day_of_points(own: Points, accounts: Accounts, given: tuple[Index, Index], case_of: Ints, day: int) -> Moved:
    """All movements of the day, in the order of the clock.

    ``given``: accounts that pass all their points on today, and to whom; ``case_of``: the case of each account that
    abuses points, plus 1.
    """
    closes = (accounts.statement_day == day_of(day).day) & (accounts.opened <= day) & (accounts.status <= BLOCKED)
    due = np.flatnonzero(closes)
    before = own.balance
    parts = [*_promised(own, accounts, case_of, day), *_redeemed(own, accounts, day)]
    parts += _passed_on(own, accounts, given, case_of, day)
    parts += [*_with_statement(own, accounts, due, day), _expired(own, accounts, due, day)]
    gone = np.flatnonzero((accounts.status > BLOCKED) & (own.balance > 0))
    parts.append(_take(own, gone, own.balance[gone], EXPIRE, _CLOSING))
    return _with_balance(Moved.joined(parts).by_clock(), before)


def _with_balance(moved: Moved, before: Ints) -> Moved:
    """What each account has after each of its movements, in their order."""
    order = np.argsort(moved.account, kind="stable")
    account, running = moved.account[order], np.cumsum(moved.points[order])
    earlier = np.concatenate([[0], running])[np.searchsorted(account, account)]
    balance = np.empty(len(moved), np.int64)
    balance[order] = running - earlier + before[account]
    return replace(moved, balance=balance)


def note(own: Points, today: Entries, day: int) -> None:
    """What today's posted purchases and refunds will bring: points with the statement, the partners' bonus tomorrow."""
    back = (today.type == entries.REFUND) | (today.type == entries.CHARGEBACK)
    bought = (today.type == entries.PURCHASE) & (today.response == entries.APPROVED) & (today.ago == 0)
    which = np.flatnonzero((bought | back) & own.earns[today.merchant])
    worth = np.abs(today.amount[which]) // FEN_A_POINT
    np.add.at(own.cycle, today.account[which], np.where(back[which], -worth, worth))
    special = which[own.partner[today.merchant[which]] & (np.abs(today.amount[which]) >= LEAST_FOR_BONUS)]
    count = own.lots.shape[1]
    bonus = np.minimum(np.bincount(today.account[special[~back[special]]], minlength=count), MOST_BONUSES) * BONUS
    undone = np.minimum(np.bincount(today.account[special[back[special]]], minlength=count), MOST_BONUSES) * BONUS
    own.promised[day + 1] = (bonus, undone)


def _promised(own: Points, accounts: Accounts, case_of: Ints, day: int) -> list[Moved]:
    """Yesterday's bonuses; and those of purchases that were refunded yesterday, taken back."""
    bonus, undone = own.promised.pop(day, (np.zeros(0, np.int64), np.zeros(0, np.int64)))
    live = accounts.status[: len(bonus)] <= BLOCKED
    who = np.flatnonzero((bonus > 0) & live)
    own.lots[YEARS, who] += bonus[who]
    given = _moved(who, PROMOTION, bonus[who], _MORNING, case=case_of[who])
    own.owed[: len(undone)] += undone
    return [given, _settled(own, np.flatnonzero((own.owed > 0) & (accounts.status <= BLOCKED)), _REVERSED)]


def _settled(own: Points, who: Index, second: int) -> Moved:
    """Takes back what is owed, as far as there is any."""
    points = np.minimum(own.owed[who], own.balance[who])
    own.owed[who] -= points
    return _take(own, who[points > 0], points[points > 0], REVERSE, second)


def _redeemed(own: Points, accounts: Accounts, day: int) -> list[Moved]:
    who = np.flatnonzero((own.redeem_on == day) & (accounts.status <= BLOCKED))
    who = who[own.balance[who] >= _LEAST_REDEEMED]
    rolls = accounts.rolls.at(who).on(day)
    share = 0.3 + 0.7 * rolls.uniform("redeemed share")
    points = np.maximum((own.balance[who] * share).astype(np.int64) // 500, 1) * 500
    second = 28_800 + rolls.below("redeemed at", 21_000)
    kin = own.kin[who]
    passes = (kin >= 0) & rolls.happens("passed on", _PASSES_ON)
    passes &= accounts.status[np.maximum(kin, 0)] <= BLOCKED
    spent = _take(own, who[~passes], points[~passes], REDEEM, second[~passes])
    return [spent, *_given(own, who[passes], kin[passes], points[passes], second[passes])]


def _passed_on(own: Points, accounts: Accounts, given: tuple[Index, Index], case_of: Ints, day: int) -> list[Moved]:
    giver, taker = given
    able = (own.balance[giver] > 0) & (accounts.status[giver] <= BLOCKED) & (accounts.status[taker] <= BLOCKED)
    giver, taker = giver[able], taker[able]
    second = 54_000 + accounts.rolls.at(giver).on(day).below("passed on at", 24_000)
    return _given(own, giver, taker, own.balance[giver], second, case_of[giver])


def _given(
    own: Points, giver: Index, taker: NDArray[np.integer], points: Ints, second: Ints, case: Ints | int = 0
) -> list[Moved]:
    """Out of one account and into the newest lot of another."""
    out = _take(own, giver, points, TRANSFER, second, other=taker, case=case)
    np.add.at(own.lots[YEARS], taker, points)
    return [out, _moved(taker, TRANSFER, points, second, other=giver, case=case)]


def _with_statement(own: Points, accounts: Accounts, due: Index, day: int) -> list[Moved]:
    """The month's points; the holder may decide to redeem within the next month."""
    earned = own.cycle[due]
    own.cycle[due] = 0
    who, plus = due[earned > 0], earned[earned > 0]
    own.lots[YEARS, who] += plus
    credited = _moved(who, EARN, plus, _STATEMENT)
    own.owed[due] += np.maximum(-earned, 0)
    settled = _settled(own, due[own.owed[due] > 0], _STATEMENT + 60)
    rolls = accounts.rolls.at(due).on(day)
    wants = rolls.happens("redeems", _REDEEMS_A_MONTH) & (own.balance[due] >= _LEAST_REDEEMED)
    own.redeem_on[due] = np.where(wants, day + 1 + rolls.below("redeems in", 27), NEVER)
    return [credited, settled]


def _expired(own: Points, accounts: Accounts, due: Index, day: int) -> Moved:
    """Once a year, in the month of opening, the oldest lot goes and the others grow a year older."""
    month = np.asarray(accounts.opened[due], "datetime64[D]").astype("datetime64[M]").astype(int) % 12 + 1
    who = due[(month == day_of(day).month) & (day - accounts.opened[due] > 300)]
    oldest = own.lots[0, who].copy()
    gone = _take(own, who[oldest > 0], oldest[oldest > 0], EXPIRE, _EXPIRY)
    own.lots[:-1, who] = own.lots[1:, who]
    own.lots[-1, who] = 0
    return gone


def _take(
    own: Points, who: NDArray[np.integer], points: Ints, kind: int, second: int | Ints,
    other: int | NDArray[np.integer] = -1, case: int | Ints = 0,
) -> Moved:  # fmt: skip
    """Takes points out of the lots of these accounts, each named once, the oldest first; they must be there."""
    left = points.copy()
    for lot in own.lots:
        used = np.minimum(lot[who], left)
        lot[who] -= used
        left -= used
    return _moved(who, kind, -points, second, other=other, case=case)


def _moved(
    who: NDArray[np.integer], kind: int, points: Ints, second: int | Ints, other: int | NDArray[np.integer] = -1,
    ago: int = 0, case: int | Ints = 0,
) -> Moved:  # fmt: skip
    return Moved.of(account=who, kind=kind, second=second, points=points, other=other, ago=ago, case=case)
