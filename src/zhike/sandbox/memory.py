"""What people remember of the bank's contacts: how many in thirty days, and how far they are irritated by them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox.curves import ResponseCurves
from zhike.sandbox.leanings import Leanings

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

DAYS = 30
FADES_IN = 30.0  # days until irritation is down to 37 %


@dataclass
class Memory:
    """One position per person. ``recent`` holds the contacts of each of the last thirty days, ``load`` their sum."""

    recent: NDArray[np.uint8]
    load: NDArray[np.int32]
    irritation: Floats


def fresh(count: int) -> Memory:
    return Memory(np.zeros((DAYS, count), np.uint8), np.zeros(count, np.int32), np.zeros(count))


def new_day(memory: Memory, day: int) -> None:
    """The contacts of thirty days ago are forgotten, irritation fades."""
    oldest = memory.recent[day % DAYS]
    memory.load -= oldest
    oldest[:] = 0
    memory.irritation *= np.exp(-1.0 / FADES_IN)


def remember(memory: Memory, who: Leanings, curves: ResponseCurves, person: Ints, push: Floats, day: int) -> None:
    """Contacts of today; ``push`` how much each irritates beside a text message. A person may stand there twice."""
    if not len(person):
        return
    today = memory.recent[day % DAYS]
    count = np.minimum(np.bincount(person, minlength=len(today)), 255 - today).astype(np.uint8)
    today += count
    memory.load += count
    np.add.at(memory.irritation, person, push * sting(who, curves, person))
    np.minimum(memory.irritation, curves.most_irritation, out=memory.irritation)


def sting(who: Leanings, curves: ResponseCurves, person: Ints) -> Floats:
    """How much one text message irritates each of these people."""
    return np.where(who.dog[person], curves.dog_irritation, curves.irritation)
