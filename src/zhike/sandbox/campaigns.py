"""What the bank did before anybody planned it: on working days a few people, drawn by lot among those who agree to a
channel, are offered one of the six offers of the day, by lot, if it means something to them.

The files of a made bank therefore hold contacts that were as good as randomised: from them a model can learn what
asking does.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox import actions, consents, eligibility, response
from zhike.sandbox.actions import NOTHING, OFFERS, Actions, Contacts
from zhike.sandbox.calendar import day_of
from zhike.sandbox.dice import Dice, quantiles

if TYPE_CHECKING:
    from zhike.sandbox.world import World

Ints = NDArray[np.int64]

_A_DAY = 1 / 25  # of the people, before consent and meaning are asked for
_CHANNEL = quantiles([48, 22, 20, 8, 2], 256)
_REFERENCES_A_PERSON, _OFFERS_A_DAY = 40, 6


def of_day(world: "World", day: int) -> Actions:
    """The block's contacts of a day; on weekends none."""
    if day_of(day).weekday() >= 5:
        return NOTHING
    rolls = world.people.rolls.on(day)
    person = np.flatnonzero(rolls.happens("in a campaign", _A_DAY))
    own = rolls.at(person)
    channel = own.drawn("campaign channel", _CHANNEL)
    offer = _offers(world.parameters.seed, day)[own.below("campaign offer", _OFFERS_A_DAY)]
    agrees = consents.holds(world.consents, person, channel, day) & (channel != actions.BRANCH)
    agrees |= (channel == actions.BRANCH) & (world.since[person] <= day)
    means = agrees & ((eligibility.targets(world, person, offer, day) >= 0) | (offer == actions.GENERAL_NEWS))
    person, offer, channel, own = person[means], offer[means], channel[means], own.at(np.flatnonzero(means))
    usual = response.usual_incentive(world.curves.on(day), offer)
    base = int(day_of(day).strftime("%Y%m%d")) * 10**8 + world.numbers.start * _REFERENCES_A_PERSON
    return Actions(Contacts(
        person=world.people.number[person], offer=offer, channel=channel, hour=9 + own.below("campaign hour", 11),
        incentive=usual * own.below("campaign incentive", 3), reference=base + 1 + np.arange(len(person)),
    ))  # fmt: skip


def _offers(seed: int, day: int) -> Ints:
    """The offers of the day, the same in the whole bank."""
    return Dice(seed).rolls("campaigns", np.arange(_OFFERS_A_DAY)).on(day).below("offer of the day", len(OFFERS))
