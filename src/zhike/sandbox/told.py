"""The movements as the files let a bank know them: some late, some posted by mistake first, some never readable.

What a bank cannot know yet, or ever, is the whole difference between a key figure of the world and the same figure of
a bank that counts its files without fault.
"""

import numpy as np

from zhike.sandbox import calendar, damage
from zhike.sandbox.columns import Ints
from zhike.sandbox.deliveries import Deliveries
from zhike.sandbox.entries import Entries
from zhike.sandbox.world import Today, World


class Told:
    """Follows what is delivered of a block day by day."""

    def __init__(self, world: World) -> None:
        self._first_block = world.numbers.start == 0
        self._deliveries = Deliveries(self._first_block)
        self._yesterday: Ints = np.empty(0, np.int64)

    def card_movements(self, today: Today) -> Entries:
        """The rows of the card system's file of the day that can be read, each once."""
        number = today.base + 1 + len(today.entries)
        rows, reference = self._deliveries.of_day(today.entries, today.reference, today.day, number)
        kept = ~damage.unreadable(reference, calendar.day_of(today.day), self._first_block)
        kept &= ~((rows.ago > 0) & np.isin(reference, self._yesterday))
        self._yesterday = reference[kept]
        return rows.at(kept)

    def deposits_read(self, today: Today) -> Ints:
        """Deposit accounts of the movements of the day that can be read, as positions in ``today.deposits``."""
        reference = today.base + np.arange(len(today.deposits))
        kind, day = damage.of_movements(reference, calendar.day_of(today.day), self._first_block)
        return np.flatnonzero(~(kind | day))
