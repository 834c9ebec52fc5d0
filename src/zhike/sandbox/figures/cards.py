"""Key figures of cards: how many, how soon used, how long unused, how long on their way."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox import life
from zhike.sandbox.accounts import BLOCKED
from zhike.sandbox.calendar import NEVER
from zhike.sandbox.figures.book import LONG_AGO, Book
from zhike.sandbox.figures.periods import months_before
from zhike.sandbox.life import Steps
from zhike.sandbox.world import World

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Row = tuple[str, float, float]

_COHORT = 90
_CARD_COST = 12_000  # fen: what a bank's KPI assumes that winning and making a card costs
_ACTIVE_NEW_DAYS, _DORMANT_MONTHS = 90, 18


@dataclass(frozen=True)
class Path:
    """The first day of each step of each card, NEVER where it was not taken; ``ended``: closed or replaced."""

    first: dict[int, Ints]
    ended: Bools

    @classmethod
    def of(cls, cards: int) -> "Path":
        steps = (life.APPROVED, life.ISSUED, life.DELIVERED, life.ACTIVATED, life.BOUND)
        return cls({step: np.full(cards, int(NEVER), np.int64) for step in steps}, np.zeros(cards, bool))

    def see(self, taken: Steps) -> None:
        for step, days in self.first.items():
            mine = taken.step == step
            np.minimum.at(days, taken.card[mine], taken.day[mine])
        self.ended[taken.card[(taken.step == life.CLOSE) | (taken.step == life.REPLACE)]] = True


def figures(world: World, path: Path, book: Book, day: int) -> list[Row]:
    """All of them at the end of a day."""
    own, first = world.accounts, path.first
    account = own.cards.account
    issued, activated = first[life.ISSUED], first[life.ACTIVATED]
    valid = (issued <= day) & ~path.ended & (own.status[account] <= BLOCKED)
    rows: list[Row] = [
        ("valid_cards", valid.sum(), 0),
        ("cards_issued_30d", ((issued > day - 30) & (issued <= day)).sum(), 0),
    ]
    began = np.where(first[life.DELIVERED] <= day, first[life.DELIVERED], issued)
    for days in (30, 60, 90):
        rows.append(_within(f"activation_rate_{days}d", began, activated, days, day))
    for days in (30, 60):
        rows += [
            _within(f"binding_rate_{days}d", activated, first[life.BOUND], days, day),
            _within(f"first_use_rate_{days}d", activated, book.uses[0], days, day),
            _within(f"third_use_rate_{days}d", activated, book.uses[2], days, day),
        ]
    for months in (1, 3, 6, 12):
        used = book.card_last > months_before(day, months)
        rows.append((f"active_card_rate_{months}m", (valid & used).sum(), valid.sum()))
    last = np.where(book.card_last > LONG_AGO, book.card_last, issued)
    silent = (last < months_before(day, _DORMANT_MONTHS)) & (book.balance[account] == 0)
    rows.append(("dormant_ratio", (valid & silent).sum(), valid.sum()))
    return [*rows, *_cycles(path, day), _new(issued, book, day), _spend(book, day)]


def _within(name: str, start: Ints, step: Ints, days: int, day: int) -> Row:
    """Of the cohort of ninety days that is complete, how many took the step in time."""
    cohort = _cohort(start, days, day)
    return name, (cohort & (step - start <= days) & (step <= day)).sum(), cohort.sum()


def _cohort(start: Ints, days: int, day: int) -> Bools:
    end = day - days
    return (start > end - _COHORT) & (start <= end)


def _cycles(path: Path, day: int) -> list[Row]:
    found: list[Row] = []
    for name, one, other in (("issue", life.APPROVED, life.ISSUED), ("delivery", life.ISSUED, life.DELIVERED)):
        start, end = path.first[one], path.first[other]
        there = (end > day - 90) & (end <= day) & (start <= day)
        found.append((f"{name}_cycle_days_90d", (end - start)[there].sum(), there.sum()))
    return found


def _new(issued: Ints, book: Book, day: int) -> Row:
    cohort = _cohort(issued, _ACTIVE_NEW_DAYS, day)
    used = cohort & (book.uses[0] - issued <= _ACTIVE_NEW_DAYS) & (book.uses[0] <= day)
    return "cost_per_active_new_card", float(cohort.sum()) * _CARD_COST, used.sum()


def _spend(book: Book, day: int) -> Row:
    used = (book.card_last > day - 30).sum()
    return "spend_per_active_card_30d", book.total("card_spend", day - 29, day), used
