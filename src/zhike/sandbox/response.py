"""How likely people are to take what they are offered: the curves that the world itself rolls against.

    p(accept | contact) = reach(channel, digital) × logistic(
        base(offer) + Σ weight(offer, trait) × (trait − ½) + own liking of the offer + further segment
        + fit(channel, digital) + own liking of the channel
        + hour × (cos(2π (h − good hour) / 24) − 1)
        + incentive × price sensitivity × ln(1 + incentive in yuan / 10)
        − own slope × contacts in the last 30 days − aversion of sleeping dogs)

for people to whom the offer means something (`eligibility`), else 0. Who comes by themselves (log-in, call) is reached,
at the right hour, takes it e^inbound = four times as often and feels a fifth of the fatigue.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox import actions, eligibility, leanings
from zhike.sandbox.curves import ResponseCurves
from zhike.sandbox.dice import logistic

if TYPE_CHECKING:
    from zhike.sandbox.world import World

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

MOST_ALONE = 0.06


def accept_probability(
    world: "World", person: Ints, offer: Ints, channel: Ints, hour: Ints, incentive: Ints, day: int,
    target: Ints | None = None,
) -> Floats:  # fmt: skip
    """Chance that one contact made on ``day`` is accepted, by the formula above; positions of people in the block.

    ``incentive`` in fen, ``hour`` 0 to 23. What the world rolls against for the first contact of the day, unless
    the person's accounts change on the day before it. ``target``: their accounts by `eligibility.targets`, if known.
    """
    target = eligibility.targets(world, person, offer, day) if target is None else target
    curves = world.curves.on(day)
    chance = reach(world, curves, person, channel) * taken(world, curves, person, offer, channel, hour, incentive)
    return np.where(target >= 0, chance, 0.0)


def inbound_probability(
    world: "World", person: Ints, offer: Ints, channel: Ints, incentive: Ints, day: int, shown: Ints | None = None
) -> Floats:
    """Chance that a standing decision is accepted when the person logs in (app) or calls (phone).

    ``shown``: how often the same was shown before.
    """
    target = eligibility.targets(world, person, offer, day)
    curves = world.curves.on(day)
    seen = world.contact.standing.shown[person] if shown is None else shown
    logit = _liked(world, curves, person, offer, channel, incentive) + curves.inbound - curves.shown_again * seen
    logit -= curves.inbound_fatigue * world.contact.leanings.slope[person] * world.contact.memory.load[person]
    return np.where(target >= 0, logistic(logit), 0.0)


def alone_probability(world: "World", person: Ints, offer: Ints, day: int) -> Floats:
    """Chance that a person takes up the offer at one log-in without being asked, where it means something:
    logistic(alone(offer) + Σ weight × (trait − ½) + own liking of it) × e^−irritation, at most 6 in 100."""
    target = eligibility.targets(world, person, offer, day)
    return np.where(target >= 0, alone_if_meant(world, person, offer, day), 0.0)


def alone_if_meant(world: "World", person: Ints, offer: Ints, day: int) -> Floats:
    """The same of people to whom the offer means something."""
    chance = logistic(leanings.appetite(world.contact.leanings, world.curves.on(day), person, offer, alone=True))
    return np.minimum(chance * np.exp(-world.contact.memory.irritation[person]), MOST_ALONE)


def taken(
    world: "World", curves: ResponseCurves, person: Ints, offer: Ints, channel: Ints, hour: Ints, incentive: Ints,
    more: Ints | int = 0,
) -> Floats:  # fmt: skip
    """Chance of acceptance of whoever is reached; ``more`` contacts came earlier the same day."""
    who = world.contact.leanings
    logit = _liked(world, curves, person, offer, channel, incentive)
    logit += curves.hour * (np.cos((hour - who.hour[person]) * (np.pi / 12)) - 1.0)
    return logistic(logit - who.slope[person] * (world.contact.memory.load[person] + more))


def reach(world: "World", curves: ResponseCurves, person: Ints, channel: Ints) -> Floats:
    """Chance that a contact reaches the person at all."""
    base = np.array([each.reach for each in curves.channels])[channel]
    lean = np.array([each.reach_digital for each in curves.channels])[channel]
    return np.clip(base + lean * (world.contact.leanings.digital[person] - 0.5), 0.02, 1.0)


def best_hour(world: "World", person: Ints) -> Ints:
    """The hour from 9 to 19 that is nearest to each person's good hour on the clock."""
    hours = np.arange(9, 20)
    apart = np.cos((hours - world.contact.leanings.hour[person][:, None]) * (np.pi / 12))
    found: Ints = hours[apart.argmax(axis=1)]
    return found


def usual_incentive(curves: ResponseCurves, offer: Ints) -> Ints:
    """The usual incentive of each offer, fen."""
    return np.array([each.usual for each in curves.offers])[offer]


def _liked(world: "World", curves: ResponseCurves, person: Ints, offer: Ints, channel: Ints, incentive: Ints) -> Floats:
    """Logit of offer, channel and incentive; nothing of hour and fatigue."""
    who = world.contact.leanings
    fit = np.array([each.fit for each in curves.channels])[channel]
    lean = np.array([each.digital for each in curves.channels])[channel]
    logit = leanings.appetite(who, curves, person, offer) + fit + lean * (who.digital[person] - 0.5)
    logit += who.channel[person, channel]
    logit += curves.incentive * who.price[person] * np.log1p(np.asarray(incentive) / 1_000)
    dog: Floats = logit - curves.dog_aversion * who.dog[person]
    return dog


assert len(eligibility.DURATION) == len(actions.OFFERS)
