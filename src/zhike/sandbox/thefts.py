"""What thieves do with a card or an account that is not theirs, and how an invented customer runs a card up."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox import entries, spending
from zhike.sandbox.accounts import LIMIT_RAISED_ON_REQUEST, Accounts
from zhike.sandbox.columns import among
from zhike.sandbox.crime_cases import APPLICATION, LOST, NOT_PRESENT, TAKEN_OVER, Cases
from zhike.sandbox.dice import Rolls, quantiles
from zhike.sandbox.entries import Entries
from zhike.sandbox.kinds_of_spending import SPENDING
from zhike.sandbox.ledger import Ledger
from zhike.sandbox.merchants import COUNTRIES, Merchants
from zhike.sandbox.places import CITIES
from zhike.sandbox.products import PRODUCTS

Ints = NDArray[np.int64]
Index = NDArray[np.intp]
Bools = NDArray[np.bool_]

_NAMES = [kind.name for kind in SPENDING]


def _positions(*names: str) -> Ints:
    return np.array([_NAMES.index(name) for name in names])


_TAPPED = _positions("convenience", "grocery", "fuel", "dining")
_DEAR = _positions("electronics", "jewellery", "clothing", "electronics")
_TESTED = _positions("telecom", "delivery", "online", "telecom")
_ORDERED = _positions("electronics", "online", "airline", "electronics")
_CITY = quantiles([city.weight for city in CITIES], 1024)
_COUNTRY = quantiles([country.weight for country in COUNTRIES], 512)
_MOST_LIMIT = np.array([product.limits[1] for product in PRODUCTS]) * 100
_SPREE_DAYS = 3
_EMPTY = 40_000  # fen: with less room, few go on


@dataclass(frozen=True)
class _Plan:
    """What each try is: small first, online, abroad, drawn in cash; positions of cases by try."""

    case: Ints
    turn: Ints
    age: Ints  # days since the case began
    rolls: Rolls


def wishes(
    cases: Cases, which: Index, rolls: Rolls, home: NDArray[np.int32], accounts: Accounts, ledger: Ledger,
    merchants: Merchants, day: int,
) -> Entries:  # fmt: skip
    """Today's purchases and cash advances by others than the holder, on these cases; ``home``: city by account."""
    age = day - cases.start[which].astype(np.int64)
    count = _tries(cases.kind[which], age, rolls.at(which).on(day))
    case = np.repeat(which, count).astype(np.int64)
    turn = np.arange(len(case)) - np.repeat(np.cumsum(count) - count, count)
    plan = _Plan(case, turn, np.repeat(age, count), rolls.at(case).on(day).on(turn + 1))
    kind, account = cases.kind[case], cases.account[case]
    small = _small(kind, plan)
    cash = _cash(kind, plan)
    online = among(kind, (NOT_PRESENT, TAKEN_OVER)) | ((kind == APPLICATION) & plan.rolls.happens("orders", 0.5))
    abroad = (kind == NOT_PRESENT) & ~small & rolls.at(case).happens("abroad", 0.4)
    country = rolls.at(case).drawn("country", _COUNTRY)
    room = np.maximum(accounts.effective[account] - ledger.balance[account], 0)
    amount = _amounts(kind, small, cash, accounts.limit[account], room, plan.rolls)
    amount, original = spending.abroad_amounts(amount, abroad, country, rolls.at(case).on(day))
    city = np.where(rolls.at(case).happens("far away", 0.65), rolls.at(case).drawn("city", _CITY), home[account])
    shop = _shop(merchants, _goods(small, online, plan.rolls), online, city, plan.rolls)
    far = merchants.foreign(country.astype(np.int32), plan.rolls.below("rank", 10_000))
    shop = np.where(cash, entries.NONE, np.where(abroad, far, shop))
    tried = entries.make(
        account, np.where(cash, entries.CASH, entries.PURCHASE), amount, card=_card(cases, accounts, case),
        second=_seconds(kind, plan), merchant=shop, country=np.where(abroad & ~cash, country, entries.NONE),
        original=original, case=case + 1,
        channel=np.select([cash, online], [entries.APP, entries.ONLINE], entries.POS),
    )  # fmt: skip
    return tried.at(small | (room > _EMPTY) | plan.rolls.happens("tries on", 0.15))


def _shop(merchants: Merchants, goods: Ints, online: Bools, city: Ints, rolls: Rolls) -> NDArray[np.int32]:
    kind, rank = goods.astype(np.int32), rolls.below("rank", 10_000)
    return np.where(online, merchants.online(kind, rank), merchants.local(city.astype(np.int32), kind, rank))


def _card(cases: Cases, accounts: Accounts, case: Ints) -> Ints:
    own = among(cases.kind[case], (APPLICATION, TAKEN_OVER))
    return np.where(own, accounts.main[cases.account[case]], cases.card[case])


def _tries(kind: Ints, age: Ints, rolls: Rolls) -> Ints:
    """How many tries each case makes on a day of that age; after the first days only now and then."""
    first = np.select(
        [kind == LOST, kind == NOT_PRESENT, kind == TAKEN_OVER],
        [4 + rolls.below("tries", 3), 3 + rolls.below("tries", 4), rolls.below("tries", 2)],
        1 + rolls.below("tries", 3),
    )
    spree = 1 + rolls.below("spree", 3)
    later = np.where(kind == APPLICATION, 1 + rolls.below("more", 3), rolls.happens("later", 0.3))
    return np.select([age == 0, age < _SPREE_DAYS], [first, spree], later).astype(np.int64)


def _small(kind: Ints, plan: _Plan) -> Bools:
    """The first tries of the first day look whether the card works."""
    tested = (kind == LOST) | (kind == NOT_PRESENT)
    small: Bools = tested & (plan.age == 0) & (plan.turn < 2)
    return small


def _cash(kind: Ints, plan: _Plan) -> Bools:
    advance = ((kind == TAKEN_OVER) & (plan.age > 0)) | (kind == APPLICATION)
    cash: Bools = advance & (plan.turn == 0) & plan.rolls.happens("cash", 0.45)
    return cash


def _amounts(kind: Ints, small: Bools, cash: Bools, limit: Ints, room: Ints, rolls: Rolls) -> Ints:
    """Fen: some yuan to try a number, some hundred by touch, then as much as might pass."""
    luck = rolls.uniform("amount")
    touched = (1_500 + 28_000 * luck**1.5).astype(np.int64)
    tested = (100 + 900 * luck).astype(np.int64)
    large = np.minimum(limit * (0.06 + 0.34 * luck), 2_500_000).astype(np.int64)
    large = np.where(kind == APPLICATION, np.maximum(large, room // 3), large)
    # Most take care not to ask for more than is left; one in five meets the limit.
    large = np.where(rolls.happens("bold", 0.2), large, np.minimum(large, np.maximum(room // 3, _EMPTY)))
    ending = rolls.uniform("ending")
    large = np.where(ending < 0.5, large // 100 * 100, np.where(ending < 0.7, large // 100 * 100 + 90, large))
    drawn = np.minimum((1 + (limit * 0.3 * luck).astype(np.int64) // 10_000) * 10_000, 1_000_000)
    whole: Ints = np.maximum(np.select([small & (kind == LOST), small, cash], [touched, tested, drawn], large), 100)
    return whole


def _goods(small: Bools, online: Bools, rolls: Rolls) -> Ints:
    turn = rolls.below("goods", 4)
    return np.where(
        small, np.where(online, _TESTED[turn], _TAPPED[turn]), np.where(online, _ORDERED[turn], _DEAR[turn])
    )


def _seconds(kind: Ints, plan: _Plan) -> Ints:
    """A thief in the street by day, at a screen mostly at night."""
    start = plan.rolls.below("clock", 50_000)
    nightly = among(kind, (NOT_PRESENT, TAKEN_OVER)) & plan.rolls.happens("at night", 0.65)
    return np.where(nightly, start * 21_600 // 50_000, 32_000 + start)


def ask_for_limits(cases: Cases, which: Index, rolls: Rolls, accounts: Accounts, day: int) -> Index:
    """Accounts taken over whose new master has the limit raised today; gives those whose limit moved."""
    asks = which[(cases.kind[which] == TAKEN_OVER) & (cases.start[which] == day - 1)]
    account: Index = cases.account[asks][rolls.at(asks).happens("limit", 0.55)].astype(np.intp)
    account = account[accounts.usable[account]]
    raised = np.minimum(accounts.limit[account] * 13 // 10, _MOST_LIMIT[accounts.product[account]])
    raised = np.round(raised / 100_000).astype(np.int64) * 100_000
    account, raised = account[raised > accounts.limit[account]], raised[raised > accounts.limit[account]]
    accounts.limit_before[account] = accounts.limit[account]
    accounts.limit[account], accounts.limit_since[account] = raised, day
    accounts.limit_reason[account] = LIMIT_RAISED_ON_REQUEST
    return account
