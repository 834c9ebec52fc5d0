"""A game: the same made bank lives on under several policies, each in a world of its own with the same luck.

Until a policy acts on somebody, that person's life is the same in every world; what differs afterwards is the policy's
doing. So the profit of two policies is compared person by person.
"""

import copy
import math
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from zhike.core.errors import BadInput
from zhike.interfaces.judges.tally import Tally
from zhike.sandbox import campaigns
from zhike.sandbox import policies as known
from zhike.sandbox.actions import Actions, Contacts
from zhike.sandbox.parameters import Parameters
from zhike.sandbox.policies import Oracle, Policy, Worth
from zhike.sandbox.policies.choosing import DAYS_BETWEEN
from zhike.sandbox.profit import Profit
from zhike.sandbox.stepping import Bank
from zhike.sandbox.world import Today, World

Say = Callable[[str, int, int], None]
Product = Callable[[int], Contacts]
Ints = NDArray[np.int64]

POLICIES = ("zhike", "none", "everything", "random", "propensity", "oracle")
_SIMPLE: dict[str, Policy] = {
    "none": known.nobody, "everything": known.everything, "random": known.random_offer, "propensity": known.propensity,
}  # fmt: skip
_SERIES_DAYS = 5
_YEAR_DAYS = 365


@dataclass(frozen=True)
class Game:
    """What is played: a bank of ``parameters`` whose last ``days`` are lived under policies that act every so many."""

    parameters: Parameters
    days: int
    every: int

    def __post_init__(self) -> None:
        history = self.parameters.last_day - self.parameters.first_day + 1 - self.days
        for name, value, most in (("days", self.days, 730), ("every", self.every, 90)):
            if not 1 <= value <= most:
                raise BadInput(f"{name} = {value} is not possible: give a whole number from 1 to {most}.")
        if history < 28:
            raise BadInput(f"{history} days of history are too few before a game: give more months.")

    @property
    def start(self) -> int:
        """The first day that is played."""
        return self.parameters.last_day - self.days + 1

    @property
    def played(self) -> range:
        return range(self.start, self.parameters.last_day + 1)

    def decides(self, day: int) -> bool:
        return (day - self.start) % self.every == 0


def months_of(history_months: int, days: int) -> int:
    """Months of the whole bank: its history, and whole months for the days that are played."""
    return history_months + math.ceil(days / 28)


@dataclass
class Outcome:
    """What came of one policy. ``profit`` in fen by person number over the days played, ``series`` the sum over all
    people at the end of some of the days."""

    policy: str
    profit: Ints
    tally: Tally
    series: list[tuple[int, int]] = field(default_factory=list)


def play(game: Game, names: Sequence[str], say: Say, home: Path | None = None) -> list[Outcome]:
    """Plays the policies in the order given; *none* is always among them, for all are compared with it.

    ``home``: the workspace of policy zhike, else a temporary one. Raises BadInput for a policy that is none.
    """
    strange = [name for name in names if name not in POLICIES]
    if strange:
        raise BadInput(f"No policy is called {strange[0]!r}: give one of {', '.join(POLICIES)}.")
    wanted = list(dict.fromkeys([*names, "none"]))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="zhike-game-")))
        bank = _history(game, folder / "bank", "zhike" in wanted, say)
        found = [_live(game, name, _Copy(bank.worlds), say) for name in wanted if name != "zhike"]
        if "zhike" in wanted:
            found.append(_live_by_product(game, bank, folder, home, say))
    return sorted(found, key=lambda outcome: wanted.index(outcome.policy))


class _Copy:
    """Worlds of their own for one policy."""

    def __init__(self, worlds: list[World]) -> None:
        self.worlds = copy.deepcopy(worlds)

    def step_all(self, day: int, actions: Actions) -> list[Today]:
        return [world.step(day, actions) for world in self.worlds]


class _Written:
    """The bank that writes its files as the days pass."""

    def __init__(self, bank: Bank) -> None:
        self._bank, self.worlds = bank, bank.worlds

    def step_all(self, day: int, actions: Actions) -> list[Today]:
        return self._bank.step(day, actions).days


def _history(game: Game, folder: Path, written: bool, say: Say) -> Bank:
    """The days before the game, with the bank's own habits; its files are written where somebody will read them."""
    folder.mkdir()
    bank = Bank(game.parameters, folder)
    days = range(game.parameters.first_day, game.start)
    for done, day in enumerate(days):
        if written:
            bank.step(day)
        else:
            for world in bank.worlds:
                world.step(day, campaigns.of_day(world, day))
        say("history", done + 1, len(days))
    return bank


def _live(game: Game, name: str, bank: _Copy | _Written, say: Say, product: Product | None = None) -> Outcome:
    policy = product or _of_truth(_policies(game, name, bank.worlds), bank.worlds)
    books = [Profit(world, game.start - 1) for world in bank.worlds]
    tally = Tally(bank.worlds)
    series = [(game.start - 1, 0)]
    for done, day in enumerate(game.played):
        actions = Actions(policy(day)) if game.decides(day) else Actions()
        todays = bank.step_all(day, actions)
        for book, today in zip(books, todays, strict=True):
            book.see(today)
        tally.see(todays)
        if (done + 1) % _SERIES_DAYS == 0 or day == game.played[-1]:
            series.append((day, sum(int(book.so_far().sum()) for book in books)))
        say(name, done + 1, game.days)
    profit = np.concatenate([book.so_far().sum(axis=0) for book in books])
    tally.close()
    return Outcome(name, profit, tally, series)


def _policies(game: Game, name: str, worlds: list[World]) -> list[Policy]:
    if name != "oracle":
        return [_SIMPLE[name]] * len(worlds)
    return [Oracle(Worth(world, game.start, game.parameters.last_day)) for world in worlds]


def _of_truth(policies: list[Policy], worlds: list[World]) -> Product:
    """A policy that sees the worlds themselves; it turns to nobody twice in a week."""
    last = [np.full(len(world.people), -(10**6), np.int64) for world in worlds]

    def act(day: int) -> Contacts:
        parts = []
        for policy, world, when in zip(policies, worlds, last, strict=True):
            chosen = policy(world, day, day - when >= DAYS_BETWEEN)
            when[chosen.person] = day
            parts.append(chosen.contacts(world, day))
        return Contacts.joined(parts)

    return act


def _live_by_product(game: Game, bank: Bank, folder: Path, home: Path | None, say: Say) -> Outcome:
    from zhike.interfaces.judges.product import running

    with running(home or folder / "home") as product:
        policy = product(folder / "bank", bank.worlds)
        return _live(game, "zhike", _Written(bank), say, policy)


def last_day(zone: str) -> date:
    """The bank's last day: the usual one, or the last of the month before today where that has not come yet."""
    from zhike.core.clock import business_date, now
    from zhike.sandbox.parameters import DEFAULT_END

    today = business_date(now(), zone)
    return min(DEFAULT_END, today.replace(day=1) - timedelta(days=1))
