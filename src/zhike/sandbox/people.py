"""The people: who they are, where they live, and what drives them without the bank's knowing."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox import names
from zhike.sandbox.dice import Dice, Rolls, logistic, quantiles
from zhike.sandbox.groups import GROUPS, Group
from zhike.sandbox.parameters import Parameters
from zhike.sandbox.places import CITIES, DISTRICTS, STREETS

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Column = NDArray[np.int32]

_CORE_ONLY, _CARDS_ONLY = 0.15, 0.15
_COUPLES = 0.45
_STUDENT = next(position for position, group in enumerate(GROUPS) if group.name == "first_job")


@dataclass(frozen=True)
class People:
    """One column per property, one position per person. Days are days since 1970, incomes cents a year."""

    rolls: Rolls
    number: NDArray[np.int64]  # of the person in the whole bank; positions are of the block
    group: Column
    female: Bools
    birth: Column
    district: Column
    street: Column
    household: Column
    partner: Column  # position of the partner who banks here too, or -1
    name: Column
    occupation: Column
    income: NDArray[np.int64]
    spend_level: Floats  # 1 is ordinary
    need_for_credit: Floats  # traits from 0 to 1
    digital: Floats
    diligence: Floats
    travel: Floats
    price_sensitivity: Floats
    risk: Floats  # how near to falling behind
    in_cards: Bools
    in_core: Bools

    def __len__(self) -> int:
        return len(self.group)

    @property
    def city(self) -> Column:
        return _CITY_OF[self.district]


_INCOME_EDGES = np.array([50_000, 100_000, 200_000, 500_000]) * 100
_CITY_OF = np.array([district.city for district in DISTRICTS], np.int32)


def make(parameters: Parameters, dice: Dice, numbers: range) -> People:
    """The people of a block, alive from before the bank's first day on."""
    count, number = len(numbers), np.arange(numbers.start, numbers.stop)
    own = dice.rolls("person", number)
    second = _seconds(own)
    head = np.where(second, np.arange(count) - 1, np.arange(count))
    # Partners share group, place and surname habits of the head; age lies within a few years.
    shared = own.at(head)
    group = shared.drawn("group", quantiles([each.share for each in GROUPS])).astype(np.int32)
    female = shared.happens("sex", 0.5) ^ second
    birth = _birth(own, shared, second, group, parameters.first_day, number)
    member = own.uniform("membership")
    partner = np.full(count, -1, np.int32)
    partner[second] = head[second]
    partner[head[second]] = np.flatnonzero(second)
    return People(
        rolls=own, number=number, group=group, female=female, birth=birth, district=_district(shared, group),
        street=shared.below("street", len(STREETS)).astype(np.int32), household=number[head].astype(np.int32),
        partner=partner, name=names.draw(own, female), occupation=_occupation(own, group), income=_income(own, group),
        spend_level=np.exp(0.45 * own.normal("spend level") - 0.1),
        need_for_credit=_trait(own, group, "need_for_credit"), digital=_trait(own, group, "digital"),
        diligence=_trait(own, group, "diligence"), travel=_trait(own, group, "travel"),
        price_sensitivity=_trait(own, group, "price_sensitivity"), risk=_trait(own, group, "risk"),
        in_cards=member >= _CORE_ONLY, in_core=(member < _CORE_ONLY) | (member >= _CORE_ONLY + _CARDS_ONLY),
    )  # fmt: skip


def per_group(value: str) -> Floats:
    """A numeric property of the groups as an array."""
    return np.array([getattr(group, value) for group in GROUPS], np.float64)


def _seconds(own: Rolls) -> Bools:
    """Who is the second of a couple; students are in none. A household has the number of its first person."""
    student = own.drawn("group", quantiles([each.share for each in GROUPS])) == _STUDENT
    second = np.zeros(len(own), bool)
    # Neighbours in the list may be a couple: 0 with 1, 2 with 3, and so on.
    heads = np.arange(0, len(own) - 1, 2)
    second[heads + 1] = own.at(heads).happens("couple", _COUPLES) & ~student[heads] & ~student[heads + 1]
    return second


def _birth(own: Rolls, shared: Rolls, second: Bools, group: Column, today: int, number: NDArray[np.int64]) -> Column:
    """Days of birth. People whose numbers differ modulo 365 never share one: identity numbers rest on it."""
    youngest = np.array([each.ages[0] for each in GROUPS])[group]
    oldest = np.array([each.ages[1] for each in GROUPS])[group]
    age = youngest + (oldest - youngest) * shared.uniform("age") + np.where(second, 2.0 * own.normal("age gap"), 0.0)
    days = np.clip(age, youngest, oldest + 1) * 365.25 + own.below("birthday", 365)
    day = np.round(today - days).astype(np.int64)
    return (day - (day - number * 7_919) % 365).astype(np.int32)


def _district(shared: Rolls, group: Column) -> Column:
    """Home by the group's liking of city tiers and counties."""
    tables = np.stack([homes(each) for each in GROUPS])
    return shared.drawn("home", tables, group).astype(np.int32)


def city_of(district: NDArray[np.integer]) -> Column:
    """The city of each district, as positions."""
    return _CITY_OF[district]


def district_liked(group: Column, rolls: Rolls) -> Column:
    """A district in which people of the group like to live."""
    return rolls.drawn("new home", _homes_of_groups(), group).astype(np.int32)


@cache
def _homes_of_groups() -> NDArray[np.int16]:
    return np.stack([homes(each) for each in GROUPS])


def homes(group: Group) -> NDArray[np.int16]:
    weights = []
    for district in DISTRICTS:
        city = CITIES[district.city]
        beside = sum(other.city == district.city and other.county == district.county for other in DISTRICTS)
        kind = group.county if district.county else 1.0 - group.county
        weights.append(city.weight * group.cities[city.tier - 1] * kind / beside)
    return quantiles(weights)


def _occupation(own: Rolls, group: Column) -> Column:
    codes = [f"{code:02d}" for code in range(1, 11)]
    table = np.stack([quantiles([each.occupations.count(code) for code in codes], 512) for each in GROUPS])
    return (own.drawn("occupation", table, group) + 1).astype(np.int32)


def _income(own: Rolls, group: Column) -> NDArray[np.int64]:
    yuan = per_group("income")[group] * np.exp(per_group("income_spread")[group] * own.normal("income"))
    return np.round(yuan, -3).astype(np.int64) * 100


def _trait(own: Rolls, group: Column, name: str) -> Floats:
    return logistic(per_group(name)[group] + own.normal(name))


def income_band(income: NDArray[np.int64]) -> NDArray[np.int64]:
    """The bank's band of a yearly income in fen, 1 to 5."""
    return np.searchsorted(_INCOME_EDGES, income, side="right") + 1
