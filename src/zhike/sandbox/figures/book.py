"""What movements add up to, counted day by day by one who sees a stream of them: all, or those that a bank can read."""

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox import entries
from zhike.sandbox.accounts import CHARGED_OFF
from zhike.sandbox.billing import Statements
from zhike.sandbox.calendar import NEVER
from zhike.sandbox.columns import among
from zhike.sandbox.entries import Entries
from zhike.sandbox.world import World

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

LONG_AGO = -(10**6)
USES = (entries.PURCHASE, entries.CASH)
_SPENDS = (entries.PURCHASE, entries.REFUND, entries.CHARGEBACK, entries.REVERSAL)
_FEES = (entries.ANNUAL_FEE, entries.CASH_FEE, entries.WAIVER)
_INTEREST = (entries.INTEREST, entries.INSTALMENT_INTEREST)
_SUMS = {
    "fees": _FEES, "interest": _INTEREST, "written_off": (entries.CHARGE_OFF,), "recovered": (entries.RECOVERY,),
}  # fmt: skip
_EDGES = np.array([1, 30, 60, 90, 120, 150, 180])
BUCKETS = len(_EDGES)
_USES_KEPT = 3


class Book:
    """Sums by business day, and the last word about every account and card.

    An ``exact`` book reads balances off the ledger, which also knows what moved before the bank's first file.
    ``balance`` is what each account owes by its last statement and what moved since; ``late`` and ``revolving`` are of
    that statement. ``uses`` are the days of the first three uses of each card.
    """

    def __init__(self, world: World, *, exact: bool) -> None:
        self._own, self._ledger = world.accounts, world.ledger if exact else None
        self._first_day = world.parameters.first_day
        accounts, cards, held = len(self._own), len(self._own.cards.account), len(world.deposits)
        self.balance, self.late, self.revolving = (np.zeros(accounts, np.int64) for _ in range(3))
        self._closed_on = np.full(accounts, LONG_AGO, np.int64)
        self.last_use, self.deposit_use = np.full(accounts, LONG_AGO, np.int64), np.full(held, LONG_AGO, np.int64)
        self.card_last = np.full(cards, LONG_AGO, np.int64)
        self.uses = np.full((_USES_KEPT, cards), int(NEVER), np.int64)
        self._sums: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        self.receivables: dict[int, int] = {}
        self.buckets: dict[int, Ints] = {}

    def see(self, day: int, moved: Entries, statements: list[Statements]) -> None:
        """A day's movements and closings."""
        for closed in statements:
            self._close(closed, closed.day < day)
        self._move(day, moved.at(moved.response == entries.APPROVED))
        for closed in statements:
            self._close(closed, closed.day == day)
        if self._ledger is not None:
            self.balance[:] = self._ledger.balance
        owed = self.owed(day)
        self.receivables[day] = int(owed.sum())
        bucket = np.searchsorted(_EDGES, self.late, side="right")
        self.buckets[day] = np.bincount(bucket, owed, BUCKETS + 1).astype(np.int64)

    def see_deposits(self, day: int, account: Ints) -> None:
        """Deposit accounts that their holders used on a day."""
        self.deposit_use[account] = day

    def owed(self, day: int) -> Ints:
        """What every account that is not charged off owes, what is overpaid as nothing."""
        held = (self._own.opened <= day) & (self._own.status != CHARGED_OFF)
        return np.where(held, np.maximum(self.balance, 0), 0)

    def total(self, name: str, since: int, until: int) -> int:
        """The sum of a kind over business days, both included."""
        return sum(cents for day, cents in self._sums[name].items() if since <= day <= until)

    def _close(self, closed: Statements, which: Bools) -> None:
        account = closed.account[which]
        self.balance[account], self._closed_on[account] = closed.closing[which], closed.day[which]
        self.late[account], self.revolving[account] = closed.late_days[which], closed.revolving[which]

    def _move(self, day: int, moved: Entries) -> None:
        when = day - moved.ago
        since = (when > self._closed_on[moved.account]) & (when >= self._first_day) & (moved.type != entries.RECOVERY)
        np.add.at(self.balance, moved.account[since], moved.amount[since])
        for name, types in _SUMS.items():
            self._add(name, moved.amount, when, among(moved.type, types))
        spends = among(moved.type, _SPENDS)
        self._add("spend", moved.amount, when, spends)
        self._add("card_spend", moved.amount, when, spends & (moved.card >= 0))
        used = among(moved.type, USES)
        np.maximum.at(self.last_use, moved.account[used], when[used])
        used &= moved.card >= 0
        np.maximum.at(self.card_last, moved.card[used], when[used])
        fresh = used & (when < self.uses[-1][moved.card])
        for card, on in zip(moved.card[fresh].tolist(), when[fresh].tolist(), strict=True):
            self.uses[:, card] = np.sort(np.append(self.uses[:, card], on))[:_USES_KEPT]

    def _add(self, name: str, amount: Ints, when: Ints, which: Bools) -> None:
        sums = self._sums[name]
        days, place = np.unique(when[which], return_inverse=True)
        cents = np.zeros(len(days), np.int64)
        np.add.at(cents, place, amount[which])
        for on, sum_ in zip(days.tolist(), cents.tolist(), strict=True):
            sums[on] += sum_
