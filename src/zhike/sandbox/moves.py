"""Households that move: to another street, or to another city, where the accounts may follow to another branch.

The card system is told. Core banking is not: what stands there is where the person lived before.
"""

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox import branches
from zhike.sandbox.accounts import BLOCKED, Accounts
from zhike.sandbox.people import People, city_of, district_liked
from zhike.sandbox.places import STREETS
from zhike.sandbox.spending import Buyers

Index = NDArray[np.intp]

_MOVES_A_DAY = 0.045 / 365  # of households, a year
_TO_ANOTHER_CITY = 0.35
_BRANCH_FOLLOWS = 0.6


class Homes:
    """Where everybody lives, as the card system knows it. Identity numbers keep the division of birth."""

    def __init__(self, people: People) -> None:
        self._people = people
        self._head = people.household.astype(np.int64) - int(people.number[0]) if len(people) else np.empty(0, np.int64)
        self.district = people.district.copy()
        self.street = people.street.copy()
        self.branch = branches.home(people.city, people.rolls)
        self.turn = np.zeros(len(people), np.int64)

    def day_of_moves(self, since: NDArray[np.int32], accounts: Accounts, who: Buyers, day: int) -> tuple[Index, Index]:
        """Households that move today; gives the card customers among them and the accounts that changed branch."""
        people = self._people
        person = np.flatnonzero(people.rolls.at(self._head).on(day).happens("moves", _MOVES_A_DAY))
        if not len(person):
            return person, person
        rolls = people.rolls.at(self._head[person]).on(day)
        far = rolls.happens("moves far", _TO_ANOTHER_CITY)
        near = branches.another_district(self.district[person], rolls)
        liked = district_liked(people.group[self._head[person]], rolls)
        before = city_of(self.district[person])
        self.district[person] = np.where(far, liked, near)
        self.street[person] = rolls.below("new street", len(STREETS))
        self.turn[person] += 1
        other = city_of(self.district[person]) != before
        moved = person[other]
        self.branch[moved] = branches.home(city_of(self.district[moved]), people.rolls.at(moved))
        return person[since[person] <= day], self._accounts_follow(accounts, who, moved, day)

    def _accounts_follow(self, accounts: Accounts, who: Buyers, moved: Index, day: int) -> Index:
        """Holders buy where they live now; most ask for a branch there too."""
        account = np.flatnonzero(np.isin(accounts.person, moved))
        who.city[account] = city_of(self.district[accounts.person[account]])
        held = (accounts.opened[account] <= day) & (accounts.status[account] <= BLOCKED)
        follows = account[held & accounts.rolls.at(account).on(day).happens("branch follows", _BRANCH_FOLLOWS)]
        accounts.branch[follows] = self.branch[accounts.person[follows]]
        return follows
