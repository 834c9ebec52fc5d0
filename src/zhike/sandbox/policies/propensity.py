"""Best propensity: to everybody free what they are likeliest to take, by the true chances. What it is worth, and
whether they would do it anyway, is not asked."""

from zhike.sandbox import response
from zhike.sandbox.policies.choosing import Bools, Chosen, best_of_each, candidates
from zhike.sandbox.world import World


def propensity(world: World, day: int, free: Bools) -> Chosen:
    all_ = candidates(world, day, free)
    chance = response.accept_probability(
        world, all_.person, all_.offer, all_.channel, all_.hour, all_.incentive, day
    )  # fmt: skip
    return best_of_each(all_, chance)
