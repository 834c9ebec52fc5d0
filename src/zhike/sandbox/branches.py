"""Branches: a head office, one branch per city, and sub-branches under it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox.dice import Rolls
from zhike.sandbox.places import CITIES, DISTRICTS, STREETS


@dataclass(frozen=True)
class Branch:
    """A branch; level 1 head office, 2 city, 3 sub-branch; ``parent`` and ``city`` are positions, -1 for none."""

    code: str
    name: str
    level: int
    parent: int
    city: int
    division: str


def _all() -> tuple[Branch, ...]:
    found = [Branch("100000", "总行信用卡中心", 1, -1, -1, "310115")]
    for position, city in enumerate(CITIES):
        parent = len(found)
        found.append(Branch(f"{110000 + position * 100}", f"{city.name}分行", 2, 0, position, city.code))
        for order, district in enumerate(each for each in DISTRICTS if each.city == position):
            name = f"{city.name}{district.name}{STREETS[(position + order) % len(STREETS)]}支行"
            found.append(Branch(f"{110001 + position * 100 + order}", name, 3, parent, position, district.code))
    return tuple(found)


BRANCHES = _all()
_FIRST_OF_CITY = np.array([next(i for i, b in enumerate(BRANCHES) if b.city == city and b.level == 3)
                           for city in range(len(CITIES))])  # fmt: skip
_SUB_BRANCHES = np.array([sum(b.city == city and b.level == 3 for b in BRANCHES) for city in range(len(CITIES))])


def home(city: NDArray[np.int32], rolls: Rolls) -> NDArray[np.int32]:
    """A sub-branch of the home city as a position in BRANCHES; the same for every account of a person."""
    return (_FIRST_OF_CITY[city] + rolls.below("branch", _SUB_BRANCHES[city])).astype(np.int32)


_CITY = np.array([each.city for each in DISTRICTS])
_FIRST_DISTRICT = np.searchsorted(_CITY, np.arange(len(CITIES)))  # districts stand city by city
_DISTRICTS = np.bincount(_CITY, minlength=len(CITIES))


def another_district(district: NDArray[np.int32], rolls: Rolls) -> NDArray[np.int32]:
    """Some district of the same city, by chance the same one."""
    city = _CITY[district]
    return (_FIRST_DISTRICT[city] + rolls.below("new district", _DISTRICTS[city])).astype(np.int32)
