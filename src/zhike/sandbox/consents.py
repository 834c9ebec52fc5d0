"""Consents of card customers: given or not at application, some withdrawn later."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox.calendar import NEVER
from zhike.sandbox.people import People

Days = NDArray[np.int32]

# Name of the field in the customer file, chance of consent at application, mean days until it is withdrawn.
CONSENTS = (
    ("sms", 0.66, 5_000.0),
    ("call", 0.34, 3_500.0),
    ("app", 0.72, 8_000.0),
    ("mail", 0.28, 6_000.0),
    ("personal", 0.78, 9_000.0),
    ("partner", 0.12, 4_000.0),
)
GIVEN, NOT_GIVEN, WITHDRAWN = range(3)
CODES = ("G", "N", "W")


@dataclass(frozen=True)
class Consents:
    """One row per consent, one column per person."""

    given: NDArray[np.bool_]
    withdrawn: Days

    def withdrawals(self, day: int) -> NDArray[np.intp]:
        """People who take back a consent today."""
        return np.flatnonzero((self.withdrawn == day).any(axis=0))

    def state(self, which: int, person: NDArray[np.integer], day: int) -> NDArray[np.int64]:
        gone = self.withdrawn[which, person] <= day
        return np.where(self.given[which, person], np.where(gone, WITHDRAWN, GIVEN), NOT_GIVEN)


def make(people: People, since: Days) -> Consents:
    """Consents of everybody; ``since`` is the day of becoming a card customer, NEVER for others."""
    given, withdrawn = [], []
    for name, chance, mean_days in CONSENTS:
        agrees = people.rolls.happens(f"consent {name}", chance) & (since != NEVER)
        end = since.astype(np.int64) + 1 + people.rolls.wait(f"withdrawal {name}", mean_days)
        given.append(agrees)
        withdrawn.append(np.where(agrees, np.minimum(end, NEVER), NEVER).astype(np.int32))
    return Consents(np.stack(given), np.stack(withdrawn))
