"""The oracle: to everybody free the contact of greatest true expected profit, and none where all would lose.

    worth = uplift × worth of an acceptance − chance of acceptance × incentive − channel
            − chance of a complaint × its cost − further chance of closing × what the customer would have brought

It is greedy: it does not save a contact for a better day, and it does not know the luck of the days to come.
"""

import numpy as np

from zhike.sandbox import complaints, response, uplift
from zhike.sandbox.policies.choosing import Bools, Chosen, Floats, best_of_each, candidates
from zhike.sandbox.policies.worth import Worth
from zhike.sandbox.world import World

_LEAST_FEN = 20.0


class Oracle:
    """A policy. ``worth`` is learned before the first day."""

    def __init__(self, worth: Worth) -> None:
        self._worth = worth

    def __call__(self, world: World, day: int, free: Bools) -> Chosen:
        all_ = candidates(world, day, free)
        accepted = response.accept_probability(
            world, all_.person, all_.offer, all_.channel, all_.hour, all_.incentive, day
        )  # fmt: skip
        upper = accepted * np.maximum(self._worth.of(world, all_.person, all_.offer, day) - all_.incentive, 0.0)
        cost = np.array([each.cost for each in world.curves.on(day).channels])
        hopeful = upper > cost[all_.channel] + _LEAST_FEN
        some = all_.at(hopeful)
        gain = self._gain(world, some, accepted[hopeful], day) - cost[some.channel]
        best = best_of_each(some, gain)
        return best.at(_of(some, best, gain) > _LEAST_FEN)

    def _gain(self, world: World, some: Chosen, accepted: Floats, day: int) -> Floats:
        more = uplift.uplift(world, some.person, some.offer, some.channel, some.hour, some.incentive, day)
        hurt = uplift.harm(world, some.person, some.channel, some.hour, day)
        found: Floats = more * self._worth.of(world, some.person, some.offer, day) - accepted * some.incentive
        found -= hurt.complaint * complaints.COST + hurt.closing * self._worth.stay(some.person, day)
        return found


def _of(some: Chosen, best: Chosen, gain: Floats) -> Floats:
    """The greatest gain of each person, in the order of ``best``."""
    found = np.full(int(some.person.max(initial=-1)) + 1, -np.inf)
    np.maximum.at(found, some.person, gain)
    greatest: Floats = found[best.person]
    return greatest
