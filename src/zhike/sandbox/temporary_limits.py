"""Limits for a while, with a first and a last day: before trips, feasts and large purchases, or as the bank offers.

While one is in force, the higher of it and the permanent limit is what is authorised against. A cut of the permanent
limit, a block and the closing of the account end it early. An account has one at a time.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox.columns import Columns, Ints

Bools = NDArray[np.bool_]
Index = NDArray[np.integer]

REASONS = ("01", "02", "03", "04", "05", "06")
TRAVEL, SPRING_FESTIVAL, HOLIDAY, SALES, ASKED, OFFERED = range(6)
REASON_NAMES = ("travel", "spring_festival", "holiday", "sales", "asked", "offered")
STATES = ("G", "E")
GRANTED, ENDED_EARLY = range(2)


@dataclass(frozen=True)
class Told(Columns):
    """What the card system writes of temporary limits on a day; ``limit`` in fen, both days inclusive."""

    account: Ints
    limit: Ints
    start: Ints
    end: Ints
    reason: Ints
    state: Ints


@dataclass
class TemporaryLimits:
    """One position per account: the limit (fen) and the days of the last one that was granted, and for what."""

    limit: Ints
    start: Ints
    end: Ints
    reason: Ints
    _told: list[Told] = field(default_factory=list)

    @classmethod
    def none(cls, count: int) -> "TemporaryLimits":
        """No account has had any."""
        return cls(*(np.full(count, value, np.int64) for value in (0, -1, -1, 0)))

    def over(self, permanent: Ints, day: int) -> Ints:
        """What is authorised against on a day: the higher of the permanent limit and the temporary one in force."""
        there = (self.start <= day) & (day <= self.end)
        return np.where(there, np.maximum(self.limit, permanent), permanent)

    def waits_or_holds(self, day: int) -> Bools:
        """Which accounts have one that is in force or begins later."""
        return self.end >= day

    def grant(self, account: Index, limit: Ints, days: tuple[Ints | int, Ints | int], reason: int) -> None:
        """Gives these accounts a limit from the first to the last of ``days``."""
        self.start[account], self.end[account] = days
        self.limit[account], self.reason[account] = limit, reason
        self._note(account, GRANTED)

    def end_early(self, account: Index, day: int) -> None:
        """Ends what these accounts have: its last day was yesterday, or it never begins."""
        held = np.asarray(account, np.int64)[self.waits_or_holds(day)[account]]
        if len(held):
            self.end[held] = np.maximum(day, self.start[held]) - 1
            self._note(held, ENDED_EARLY)

    def tell(self) -> Told:
        """What changed since the last telling; of several changes of one account the last."""
        whole = Told.joined(self._told)
        self._told.clear()
        _, last = np.unique(whole.account[::-1], return_index=True)
        return whole.at(np.sort(len(whole) - 1 - last))

    def _note(self, account: Index, state: int) -> None:
        self._told.append(Told.of(
            account=account, limit=self.limit[account], start=self.start[account], end=self.end[account],
            reason=self.reason[account], state=state,
        ))  # fmt: skip
