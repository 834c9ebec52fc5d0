"""What in a person decides how they answer the bank: latent, drawn once, and shining through in what they do.

Likings of offers and price sensitivity show in which pages are looked at, the good hour in the hours of log-ins, the
liking of channels in the channels that people come by; sleeping dogs are mostly careful payers who need no credit, and
give fewer consents.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox.actions import CHANNELS, OFFERS
from zhike.sandbox.curves import ResponseCurves
from zhike.sandbox.dice import Rolls, logistic, quantiles
from zhike.sandbox.groups import GROUPS
from zhike.sandbox.people import People

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_TRAITS = ("need", "price", "travel", "digital", "diligence")
# Weights of the hours 0 to 23 as somebody's best hour.
_GOOD_HOURS = quantiles([0.4, 0.2, 0, 0, 0, 0.2, 1, 3, 5, 6, 6, 5, 8, 6, 4, 4, 4, 5, 6, 9, 11, 10, 5, 2], 512)


@dataclass(frozen=True)
class Leanings:
    """One position per person; ``traits`` has the columns need, price, travel, digital, diligence (0 to 1)."""

    rolls: Rolls
    traits: Floats
    dog: Bools
    slope: Floats
    hour: Ints
    channel: Floats  # own liking of each channel, logits
    liking: Floats  # own liking of each offer, standard deviations
    alone: Floats  # the same for taking it up without being asked: half of it is the liking
    segment: Ints  # position in the segments of the curves, or -1

    @property
    def price(self) -> Floats:
        return self.traits[:, 1]

    @property
    def digital(self) -> Floats:
        return self.traits[:, 3]


def make(people: People, curves: ResponseCurves) -> Leanings:
    """Draws everybody's leanings, each from the person's own rolls."""
    rolls = people.rolls
    traits = np.stack(
        [people.need_for_credit, people.price_sensitivity, people.travel, people.digital, people.diligence], axis=1
    )
    centred = traits - 0.5
    dog = curves.dog_base + 1.7 * centred[:, 4] - 1.9 * centred[:, 0] - 1.0 * centred[:, 3]
    liking = np.stack([rolls.normal(f"liking {name}") for name in OFFERS], axis=1)
    other = np.stack([rolls.normal(f"alone {name}") for name in OFFERS], axis=1)
    own = np.stack([rolls.normal(f"channel {name}") for name in CHANNELS], axis=1)
    return Leanings(
        rolls=rolls, traits=traits, dog=rolls.happens("sleeping dog", logistic(dog)),
        slope=curves.fatigue * np.exp(curves.fatigue_spread * rolls.normal("fatigue")),
        hour=rolls.drawn("good hour", _GOOD_HOURS), channel=curves.channel_spread * own, liking=liking,
        alone=0.7 * liking + 0.714 * other, segment=_segments(people, curves),
    )  # fmt: skip


def appetite(leanings: Leanings, curves: ResponseCurves, person: Ints, offer: Ints, alone: bool = False) -> Floats:
    """Base of the offer, traits and own liking (logits) of each pair; ``alone`` for taking it up unasked."""
    weights = np.array([[getattr(each, name) for name in _TRAITS] for each in curves.offers])
    bases = [-30.0 if each.alone is None else each.alone for each in curves.offers]
    base = np.array(bases if alone else [each.base for each in curves.offers])
    own = leanings.alone if alone else leanings.liking
    drawn: Floats = ((leanings.traits[person] - 0.5) * weights[offer]).sum(axis=1)
    shifts = np.zeros((len(curves.segments) + 1, len(OFFERS)))  # the last row is for those in no segment
    for position, segment in enumerate(curves.segments):
        for name, shift in segment.shifts:
            shifts[position, OFFERS.index(name)] = shift
    inside = leanings.segment[person]
    inside = np.where(inside < len(curves.segments), inside, -1)
    found: Floats = base[offer] + drawn + curves.personal * own[person, offer] + shifts[inside, offer]
    return found


def _segments(people: People, curves: ResponseCurves) -> Ints:
    """Which further segment each person is in: the first that takes them."""
    found = np.full(len(people), -1, np.int64)
    names = [group.name for group in GROUPS]
    for position, segment in enumerate(curves.segments):
        fits = people.group == names.index(segment.group) if segment.group else np.ones(len(people), bool)
        found[(found < 0) & fits & people.rolls.happens(f"segment {segment.name}", segment.share)] = position
    return found
