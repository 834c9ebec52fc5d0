"""What a believable bank looks like in figures: parts and wholes that days and blocks add up, beside their targets."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from zhike.sandbox import calendar
from zhike.sandbox.accounts import BLOCKED
from zhike.sandbox.aggregate_counts import (
    cards_and_use,
    complaints,
    first_steps,
    money_owed,
    payments,
    people_of,
    plans_booked,
)
from zhike.sandbox.aggregate_targets import TARGETS, Target
from zhike.sandbox.spending_counts import SpendingCounts
from zhike.sandbox.world import Today, World

Pair = tuple[float, float]


@dataclass(frozen=True)
class Row:
    """One aggregate: ``figure`` is None where the days of the bank do not show it, ``ratio`` is figure ÷ target."""

    target: Target
    figure: float | None

    @property
    def ratio(self) -> float | None:
        return None if self.figure is None else self.figure / self.target.value

    @property
    def holds(self) -> bool:
        """Within a tenth of the target, or not shown."""
        return self.ratio is None or abs(self.ratio - 1) <= 0.10


class Aggregates:
    """Sees every day of a block. Stocks are taken at the end of each month and on the last day, flows all days."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._spending = SpendingCounts(world)
        self._sums: dict[str, Pair] = {}
        self._buckets = self._owed = np.zeros(len(world.accounts), np.int64)
        self._add(people_of(world))

    def see(self, today: Today) -> None:
        """Counts a day."""
        self._add(self._spending.of(today))
        self._add(payments(self._world, today))
        self._add(plans_booked(today))
        self._add(complaints(self._world, today))
        if calendar.day_of(today.day + 1).day == 1 or today.day == self._world.parameters.last_day:
            self._add(cards_and_use(self._world, today.day))
            self._add(money_owed(self._world, today.day))
            self._roll(today.day)
        if today.day == self._world.parameters.last_day:
            self._add(first_steps(self._world, today.day))

    def table(self) -> pa.Table:
        """name, part, whole: tables of blocks are added up by name."""
        names = sorted(self._sums)
        part, whole = ([self._sums[name][side] for name in names] for side in (0, 1))
        return pa.table({"name": names, "part": pa.array(part, pa.float64()), "whole": pa.array(whole, pa.float64())})

    def _add(self, pairs: dict[str, Pair]) -> None:
        for name, (part, whole) in pairs.items():
            before = self._sums.get(name, (0.0, 0.0))
            self._sums[name] = (before[0] + float(part), before[1] + float(whole))

    def _roll(self, day: int) -> None:
        """How much of what was late a month ago is a bucket further now."""
        book, own = self._world.ledger, self._world.accounts
        late = np.where(own.status <= BLOCKED, (book.late_days(day) + 29) // 30, 0)
        owed = np.maximum(book.balance, 0)
        if calendar.day_of(day + 1).day == 1:
            for name, bucket in (("roll_m1_m2", 1), ("roll_m2_m3", 2), ("roll_m3_m4", 3)):
                was = self._buckets == bucket
                self._add({name: (owed[was & (late > bucket)].sum(), self._owed[was].sum())})
        self._buckets, self._owed = late, owed


def rows(tables: Iterable[pa.Table]) -> list[Row]:
    """Every target with the figure of these blocks together, in the order of the targets."""
    sums: dict[str, Pair] = {}
    for table in tables:
        for name, part, whole in zip(*(table.column(name).to_pylist() for name in table.column_names), strict=True):
            before = sums.get(name, (0.0, 0.0))
            sums[name] = (before[0] + part, before[1] + whole)
    return [Row(target, _figure(sums, target)) for target in TARGETS]


def _figure(sums: dict[str, Pair], target: Target) -> float | None:
    part, whole = sums.get(target.name, (0.0, 0.0))
    beside, days = sums.get(target.beside, (0.0, 0.0)) if target.beside else (1.0, 1.0)
    return part / whole / (beside / days) if whole and days and beside else None


def of_bank(directory: Path) -> list[Row]:
    """The aggregates of a made bank, from its truth."""
    return rows(pq.read_table(path) for path in sorted((directory / "truth" / "aggregates").glob("*.parquet")))
