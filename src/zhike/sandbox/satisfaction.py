"""How content people are with the bank, and what that does to staying.

A level from 0 to 1 that goes back to the person's own usual level by itself. Waiting, refusals, late answers and many
contacts lower it, quick answers and benefits raise it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox.dice import Rolls

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

ORDINARY = 0.74
FORGETS_IN = 60.0  # days until a grudge or a joy is down to 37 %
_PULL = 1.3  # attachment moves by e^(pull × difference from ordinary)

# By how much the level moves: planning figures.
REFUSED_PURCHASE, LATE_FEE, BENEFIT = -0.006, -0.03, 0.03
CONTACT, DOG_CONTACT = -0.0015, -0.02
ROBBED, DISPUTE_GRANTED, DISPUTE_REFUSED = -0.05, 0.04, -0.15
SOLVED, PASSED_ON, GAVE_UP, A_SECOND_OF_WAITING = 0.006, -0.02, -0.03, -0.00012
COMPLAINT_QUICK, COMPLAINT_LATE, COMMAND_REFUSED = 0.06, -0.12, -0.01


@dataclass
class Satisfaction:
    """One position per person."""

    usual: Floats
    level: Floats


def make(rolls: Rolls) -> Satisfaction:
    usual = np.clip(ORDINARY + 0.11 * rolls.normal("satisfaction"), 0.2, 0.98)
    return Satisfaction(usual, usual.copy())


def new_day(state: Satisfaction) -> None:
    """Grudges and joys fade."""
    state.level += (state.usual - state.level) * (1 - np.exp(-1.0 / FORGETS_IN))


def move(state: Satisfaction, person: NDArray[np.integer], by: float | Floats) -> None:
    """Moves the level of these people; who stands there twice is moved twice."""
    if len(person):
        np.add.at(state.level, person, by)
        np.clip(state.level, 0.0, 1.0, out=state.level)


def ease(state: Satisfaction, irritation: Floats) -> Floats:
    """By how much each person's attachment to their cards is multiplied; 1 is ordinary."""
    return ease_of(state.level, irritation)


def ease_of(level: Floats, irritation: Floats) -> Floats:
    """The same of a level and an irritation: e^(pull × (level − ordinary) − irritation)."""
    found: Floats = np.exp(_PULL * (level - ORDINARY) - irritation)
    return found


# Of somebody with a level of 0.
MOST_UNEASE = float(np.exp(2.2 * ORDINARY))


def unease(state: Satisfaction, person: Ints) -> Floats:
    """How much likelier than ordinary these people are to call or to complain."""
    return np.exp(2.2 * (ORDINARY - state.level[person]))
