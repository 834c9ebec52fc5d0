"""Random: to everybody free one of the offers that mean something to them, by a channel to which they agree."""

from zhike.sandbox.policies.choosing import Bools, Chosen, best_of_each, candidates
from zhike.sandbox.world import World


def random_offer(world: World, day: int, free: Bools) -> Chosen:
    chosen = candidates(world, day, free)
    rolls = world.people.rolls.at(chosen.person).on(day).on(chosen.offer).on(chosen.channel)
    some = best_of_each(chosen, rolls.uniform("random policy"))
    hour = 9 + world.people.rolls.at(some.person).on(day).below("random hour", 11)
    return Chosen(some.person, some.offer, some.channel, hour, some.incentive)
