"""What all policies share: who may be asked by which channel, and how a choice becomes contacts."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox import consents, response
from zhike.sandbox.actions import APP, EMAIL, GENERAL_NEWS, OFFERS, PHONE, SMS, Contacts
from zhike.sandbox.contact_truth import pairs
from zhike.sandbox.world import World

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

DAYS_BETWEEN = 7  # nobody is turned to twice in a week
OUTBOUND = np.array([SMS, PHONE, APP, EMAIL])
_REFERENCES = 10**6


@dataclass(frozen=True)
class Chosen:
    """Contacts to be made today, by positions of people in the block; ``incentive`` in fen."""

    person: Ints
    offer: Ints
    channel: Ints
    hour: Ints
    incentive: Ints

    def at(self, index: NDArray[np.integer] | Bools) -> "Chosen":
        return Chosen(*(getattr(self, name)[index] for name in self.__dataclass_fields__))

    def contacts(self, world: World, day: int) -> Contacts:
        """By person numbers, with references of the bank's own that no other day has."""
        reference = day * _REFERENCES + np.arange(len(self.person))
        return Contacts(
            world.people.number[self.person], self.offer, self.channel, self.hour, self.incentive, reference
        )


# Whom to turn to today in a block, of those who are ``free`` to be asked (one position per person).
Policy = Callable[[World, int, Bools], Chosen]


def candidates(world: World, day: int, free: Bools) -> Chosen:
    """Every offer that means something to somebody free, by every channel to which they agree, at their best hour.

    A branch waits for its visitors: nobody is turned to there.
    """
    person, offer = pairs(world, day)
    kept = free[person] & (offer != GENERAL_NEWS)
    person, offer = np.repeat(person[kept], len(OUTBOUND)), np.repeat(offer[kept], len(OUTBOUND))
    channel = np.tile(OUTBOUND, int(kept.sum()))
    agreed = consents.holds(world.consents, person, channel, day)
    person, offer, channel = person[agreed], offer[agreed], channel[agreed]
    incentive = response.usual_incentive(world.curves.on(day), offer)
    return Chosen(person, offer, channel, response.best_hour(world, person), incentive)


def best_of_each(chosen: Chosen, worth: Floats) -> Chosen:
    """The one of greatest worth for each person; ties go to the first."""
    order = np.lexsort((np.arange(len(worth)), -worth, chosen.person))
    _, first = np.unique(chosen.person[order], return_index=True)
    return chosen.at(order[first])


assert len(OFFERS) == GENERAL_NEWS + 1
