"""Mobile numbers that change: their holders take another, or a thief does who takes an account over."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox.calendar import NEVER
from zhike.sandbox.parameters import Parameters
from zhike.sandbox.people import People

Index = NDArray[np.intp]

_YEARS_KEPT = 14.0


@dataclass
class Phones:
    """``turn``: which of a person's numbers the bank knows: 0 the first, even ones the person's own, odd a thief's.

    ``changes`` is the day on which the person takes another number, once at most, or NEVER.
    """

    turn: NDArray[np.int32]
    changes: NDArray[np.int32]

    def day_of_changes(self, since: NDArray[np.int32], day: int) -> Index:
        """Card customers who tell the bank a new number today."""
        who = np.flatnonzero((self.changes == day) & (since < day))
        self.turn[who] += 2
        return who


def make(parameters: Parameters, people: People) -> Phones:
    day = parameters.first_day + people.rolls.wait("phone kept", 365 * _YEARS_KEPT)
    changes = np.where(day <= parameters.last_day, day, NEVER).astype(np.int32)
    return Phones(np.zeros(len(people), np.int32), changes)
