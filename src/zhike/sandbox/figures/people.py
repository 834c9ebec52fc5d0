"""Key figures of customers: who is active, who fell silent, what they hold. A party is a person, or who looks like one.

A bank knows its people by their papers: one whose papers in core banking are old is two parties to it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox.accounts import BLOCKED
from zhike.sandbox.figures.book import Book
from zhike.sandbox.figures.periods import month_ends, months_before
from zhike.sandbox.world import World

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Row = tuple[str, float, float]

SILENT_MONTHS, _ACTIVE_DAYS = 6, 90


@dataclass(frozen=True)
class _Holdings:
    """Open accounts with their parties; of a party without a credit account its deposits tell whether it is active."""

    credit: Ints
    deposit: Ints
    deposit_tells: Bools
    credit_party: Ints
    deposit_party: Ints
    parties: Bools


@dataclass(frozen=True)
class _Then:
    """Who was active at the start of a period, and on which accounts that would be seen to go on."""

    held: _Holdings
    active: Bools


class Customers:
    """Follows parties; ``apart``: persons whose deposits look like those of somebody else."""

    def __init__(self, world: World, book: Book, apart: Bools) -> None:
        self._world, self._book = world, book
        self._party = world.accounts.person.astype(np.int64)
        person = world.deposits.person.astype(np.int64)
        self._deposit_party = np.where(apart[person], person + len(apart), person)
        self._count = 2 * len(apart)
        ends = month_ends(world.parameters.first_day, world.parameters.last_day)
        self._starts = {months_before(day, SILENT_MONTHS) for day in ends}
        self._then: dict[int, _Then] = {}

    def see(self, day: int) -> None:
        """Keeps who is active on the days from which silence will be counted."""
        if day in self._starts:
            held = self._held(day)
            self._then[day] = _Then(held, self._used(held, day - _ACTIVE_DAYS))

    def figures(self, day: int) -> list[Row]:
        held = self._held(day)
        parties = held.parties.sum()
        rows: list[Row] = [
            (f"active_customer_rate_{months}m", self._used(held, months_before(day, months)).sum(), parties)
            for months in (1, 3, 6, 12)
        ]
        return [*rows, self._silent(day), ("products_per_customer", self._products(held), parties)]

    def holdings(self, day: int) -> int:
        """How many accounts are open."""
        held = self._held(day)
        return len(held.credit) + len(held.deposit)

    def _held(self, day: int) -> _Holdings:
        own, saved = self._world.accounts, self._world.deposits
        credit = np.flatnonzero((own.opened <= day) & (own.status <= BLOCKED))
        deposit = np.flatnonzero(saved.opened <= day)
        credit_party, deposit_party = self._party[credit], self._deposit_party[deposit]
        borrows, parties = np.zeros(self._count, bool), np.zeros(self._count, bool)
        borrows[credit_party] = parties[credit_party] = parties[deposit_party] = True
        return _Holdings(credit, deposit, ~borrows[deposit_party], credit_party, deposit_party, parties)

    def _used(self, held: _Holdings, after: int) -> Bools:
        """Parties that used an account that tells of them after a day."""
        used = np.zeros(self._count, bool)
        used[held.credit_party[self._book.last_use[held.credit] > after]] = True
        used[held.deposit_party[held.deposit_tells & (self._book.deposit_use[held.deposit] > after)]] = True
        return used

    def _silent(self, day: int) -> Row:
        start = months_before(day, SILENT_MONTHS)
        then = self._then.pop(start, None)
        if then is None:
            return "silent_churn_rate", 0, 0
        since = self._used(then.held, start)
        return "silent_churn_rate", (then.active & ~since).sum(), then.active.sum()

    def _products(self, held: _Holdings) -> int:
        """Different products of each party."""
        own, saved = self._world.accounts, self._world.deposits
        kinds = own.product[held.credit].astype(np.int64), 1_000 + saved.time[held.deposit].astype(np.int64)
        pairs = np.concatenate([held.credit_party * 10_000 + kinds[0], held.deposit_party * 10_000 + kinds[1]])
        return len(np.unique(pairs))
