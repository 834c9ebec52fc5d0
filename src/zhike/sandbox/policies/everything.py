"""Everything: every offer to everybody by text message at ten, whatever they agreed to and however often."""

import numpy as np

from zhike.sandbox import response
from zhike.sandbox.actions import GENERAL_NEWS, SMS
from zhike.sandbox.policies.choosing import Bools, Chosen
from zhike.sandbox.world import World

_HOUR = 10


def everything(world: World, day: int, _free: Bools) -> Chosen:
    customers = np.flatnonzero(world.since <= day)
    person, offer = np.repeat(customers, GENERAL_NEWS), np.tile(np.arange(GENERAL_NEWS), len(customers))
    incentive = response.usual_incentive(world.curves.on(day), offer)
    return Chosen(person, offer, np.full(len(person), SMS), np.full(len(person), _HOUR), incentive)
