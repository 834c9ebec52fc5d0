"""None: the bank turns to nobody. What people do then is what every policy is compared with."""

import numpy as np

from zhike.sandbox.policies.choosing import Bools, Chosen
from zhike.sandbox.world import World


def nobody(_world: World, _day: int, _free: Bools) -> Chosen:
    nothing = np.empty(0, np.int64)
    return Chosen(nothing, nothing, nothing, nothing, nothing)
