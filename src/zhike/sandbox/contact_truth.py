"""The truth of contact as judges need it: the uplift of the best contact for every person and offer on a day."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhike.sandbox import eligibility, organic, response, uplift
from zhike.sandbox.actions import CHANNELS, OFFERS
from zhike.sandbox.world import World

Ints = NDArray[np.int64]


def pairs(world: World, day: int) -> tuple[Ints, Ints]:
    """People (positions) and offers that mean something to them."""
    people, offers = len(world.people), len(OFFERS)
    person, offer = np.repeat(np.arange(people), offers), np.tile(np.arange(offers), people)
    means = eligibility.targets(world, person, offer, day) >= 0
    return person[means], offer[means]


def table(world: World, day: int) -> pa.Table:
    """person, as_of, offer, channel, chance (of acceptance), alone, uplift: by the channel that is likeliest to be
    accepted, at the person's best hour, with the usual incentive, whatever the consent."""
    person, offer = pairs(world, day)
    hour, incentive = response.best_hour(world, person), response.usual_incentive(world.curves.on(day), offer)
    chances = np.stack([
        response.accept_probability(world, person, offer, np.full(len(person), channel), hour, incentive, day)
        for channel in range(len(CHANNELS))
    ])  # fmt: skip
    channel = chances.argmax(axis=0)
    gain = uplift.uplift(world, person, offer, channel, hour, incentive, day)
    return pa.table({
        "person": world.people.number[person], "as_of": pa.array(np.full(len(person), day, np.int32)).cast(pa.date32()),
        "offer": pa.array(OFFERS).take(pa.array(offer)), "channel": pa.array(CHANNELS).take(pa.array(channel)),
        "chance": chances.max(axis=0),
        "alone": organic.organic_probability(world, person, offer, day, uplift.HORIZON_DAYS), "uplift": gain,
    })  # fmt: skip
