"""The key figures of a block at the end of each month, as parts and wholes that blocks add up.

A share is part ÷ whole; a number of things or an amount has no whole (0). Names are those of the product's KPIs where
it has one. Beside the true figure stands the one that a bank finds which counts without fault what its files let it
know by that day (`zhike.sandbox.told`); where the two differ, the difference is the reason and the amount.
"""

import numpy as np
import pyarrow as pa

from zhike.sandbox import crm, deposits
from zhike.sandbox.columns import among
from zhike.sandbox.figures import accounts, cards
from zhike.sandbox.figures.book import Book
from zhike.sandbox.figures.cards import Path
from zhike.sandbox.figures.people import Customers
from zhike.sandbox.figures.periods import month_ends
from zhike.sandbox.figures.service import Service
from zhike.sandbox.told import Told
from zhike.sandbox.world import Today, World

Row = tuple[str, float, float]
_BY_HOLDER = (deposits.MONEY_OUT, deposits.CASH, deposits.CARD_REPAYMENT)


class KeyFigures:
    """Sees every day of a block."""

    def __init__(self, world: World) -> None:
        self._world, self._told = world, Told(world)
        self._ends = set(month_ends(world.parameters.first_day, world.parameters.last_day))
        self._path, self._service = Path.of(len(world.accounts.cards.account)), Service(world)
        self._true, self._known = Book(world, exact=True), Book(world, exact=False)
        nobody = np.zeros(len(world.people), bool)
        self._people = Customers(world, self._true, nobody)
        self._parties = Customers(world, self._known, crm.old_in_core(world))
        self._found: list[tuple[int, Row, Row]] = []

    def see(self, today: Today) -> None:
        """Counts a day; at the end of a month tells."""
        day, moved = today.day, today.deposits
        self._path.see(today.steps)
        self._service.see(today)
        by_holder = among(moved.kind, _BY_HOLDER)
        for book, entries, read in (
            (self._true, today.entries, np.arange(len(moved))),
            (self._known, self._told.card_movements(today), self._told.deposits_read(today)),
        ):
            book.see(day, entries, today.statements)
            book.see_deposits(day, moved.account[read[by_holder[read]]])
        for customers in (self._people, self._parties):
            customers.see(day)
        if day in self._ends:
            pairs = zip(self._rows(day, self._true, self._people), self._rows(day, self._known, self._parties),
                        strict=True)  # fmt: skip
            self._found += [(day, true, known) for true, known in pairs]

    def table(self) -> pa.Table:
        """as_of, kpi, part, whole, told_part, told_whole."""
        true, known = [row for _, row, _ in self._found], [row for _, _, row in self._found]
        return pa.table({
            "as_of": pa.array([day for day, _, _ in self._found], pa.int32()).cast(pa.date32()),
            "kpi": pa.array([name for name, _, _ in true], pa.string()),
            "part": _floats(true, 1), "whole": _floats(true, 2),
            "told_part": _floats(known, 1), "told_whole": _floats(known, 2),
        })  # fmt: skip

    def _rows(self, day: int, book: Book, customers: Customers) -> list[Row]:
        saved = self._world.deposits
        return [
            *cards.figures(self._world, self._path, book, day),
            *accounts.figures(self._world, book, day),
            *customers.figures(day),
            ("assets_under_management", saved.balance[saved.opened <= day].sum(), 0),
            *self._service.figures(day, customers.holdings(day)),
        ]


def _floats(rows: list[Row], place: int) -> pa.Array:
    return pa.array([float(row[place]) for row in rows], pa.float64())
