"""Cash-out rings: shops that sell nothing, and people who turn their card's limit into cash through them.

A ring is known by its number in the whole bank, its shops and habits are rolled from that number and the same in
every block. Who belongs to which ring follows from the person alone, so a block needs nobody outside it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox.dice import Dice, quantiles
from zhike.sandbox.groups import GROUPS
from zhike.sandbox.kinds_of_spending import SPENDING
from zhike.sandbox.merchants import Merchants
from zhike.sandbox.parameters import Parameters
from zhike.sandbox.people import People, homes
from zhike.sandbox.places import CITIES, DISTRICTS

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

SHOPS_A_RING = 3
_NAMES = [kind.name for kind in SPENDING]
_HIGH_RISK = [_NAMES.index(name) for name in ("wholesale", "jewellery", "agency", "property")]
# Shops for whose trade the amounts are too large.
_UNLIKELY = [_NAMES.index(name) for name in ("convenience", "pharmacy", "car_repair", "dining")]
_UNITS = np.array([99_800, 199_800, 299_800, 499_800, 188_800, 98_800])  # fen

ROUND, REPEATED, ODD = range(3)
BY_STATEMENT, BY_PAYMENT, MONTHLY = range(3)
# Mean of `_need` over all people.
_MEAN_NEED = 0.215
_MOST_LIKELY = 0.35
_IN_CARDS = 0.85


@dataclass(frozen=True)
class Rings:
    """One position per ring; shops by (ring, 0..2). Chances and shares from 0 to 1."""

    city: Ints
    shops: Ints
    terminal: Ints  # of each shop, 0 to 2; -1 where all are used
    style: Ints
    unit: Ints
    timing: Ints
    least: Bools  # members pay the minimum, else all
    night: Bools
    many: Bools  # three and more purchases a day
    empties: Bools
    one_large: Bools
    quick_cash: Bools  # money comes back on the member's own debit card within two days
    fee: Floats
    idle: Floats  # share of members without any other life on the card
    _likely: Floats
    _by_city: Ints
    _first: Ints

    def __len__(self) -> int:
        return len(self.city)

    def of(self, people: People) -> Ints:
        """The ring of each person, -1 for nearly all: people of its city in need of credit and careless."""
        rolls, city = people.rolls, people.city
        count = self._first[city + 1] - self._first[city]
        chance = np.minimum(self._likely[city] * _need(people), _MOST_LIKELY)
        member = rolls.happens("ring member", chance) & (count > 0) & people.in_cards
        which = self._first[city] + rolls.below("which ring", np.maximum(count, 1))
        return np.where(member, self._by_city[np.minimum(which, len(self) - 1)] if len(self) else -1, -1)


def make(parameters: Parameters, merchants: Merchants, dice: Dice) -> Rings:
    """The rings of the whole bank."""
    rates = parameters.crime
    members = parameters.customers * _IN_CARDS * rates.ring_members / 1e6
    count = int(np.ceil(members / rates.members_a_ring))
    rolls = dice.rolls("ring", np.arange(count))
    share = _share_of_cities()
    city = rolls.drawn("city", quantiles(list(share)))
    a_city = np.bincount(city, minlength=len(CITIES))
    people = parameters.customers * _IN_CARDS * share
    style = rolls.drawn("style", quantiles([40, 35, 25], 64))
    return Rings(
        city=city, shops=_shops(merchants, dice, count, city), style=style,
        terminal=np.where(rolls.happens("one terminal", 0.7), rolls.below("terminal", 3), -1),
        unit=_UNITS[rolls.below("unit", len(_UNITS))], timing=rolls.drawn("timing", quantiles([35, 40, 25], 64)),
        least=rolls.happens("least", 0.45), night=rolls.happens("night", 0.45),
        many=rolls.happens("many", 0.55) | (style == REPEATED), empties=rolls.happens("empties", 0.75),
        one_large=rolls.happens("one large", 0.35) & (style != REPEATED), quick_cash=rolls.happens("quick cash", 0.7),
        fee=0.006 + 0.012 * rolls.uniform("fee"), idle=0.15 + 0.6 * rolls.uniform("idle"),
        _likely=members / max(count, 1) * a_city / np.maximum(people, 1e-9) / _MEAN_NEED,
        _by_city=np.argsort(city, kind="stable"), _first=np.concatenate([[0], np.cumsum(a_city)]),
    )  # fmt: skip


def _shops(merchants: Merchants, dice: Dice, count: int, city: Ints) -> Ints:
    """Existing shops of the ring's city: two of a trade that carries high risk, one that should take small amounts."""
    found = np.empty((count, SHOPS_A_RING), np.int64)
    for place in range(SHOPS_A_RING):
        rolls = dice.rolls("ring shop", np.arange(count) * SHOPS_A_RING + place)
        kinds = np.array(_UNLIKELY if place == SHOPS_A_RING - 1 else _HIGH_RISK)
        kind = kinds[rolls.below("kind", len(kinds))]
        found[:, place] = merchants.local(city.astype(np.int32), kind, rolls.below("rank", 10_000))
    return found


def _need(people: People) -> Floats:
    """How much somebody is tempted: needs money, and is careless."""
    return people.need_for_credit * (1.25 - people.diligence)


def _share_of_cities() -> Floats:
    city_of = np.array([district.city for district in DISTRICTS])
    share = np.zeros(len(CITIES))
    for group in GROUPS:
        share += group.share * np.bincount(city_of[homes(group)], minlength=len(CITIES)) / len(homes(group))
    whole: Floats = share / share.sum()
    return whole
