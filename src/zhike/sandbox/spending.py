"""One day of purchases and cash advances on all accounts."""

from dataclasses import dataclass
from functools import lru_cache
from math import erf

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox import entries
from zhike.sandbox.accounts import Accounts
from zhike.sandbox.calendar import PAY_DAYS, Season, day_of, season
from zhike.sandbox.dice import Rolls, quantiles
from zhike.sandbox.entries import APPROVED, NO_FUNDS, NONE, Entries
from zhike.sandbox.groups import GROUPS
from zhike.sandbox.kinds_of_spending import HOURS, SPENDING
from zhike.sandbox.ledger import Ledger
from zhike.sandbox.merchants import COUNTRIES, Merchants
from zhike.sandbox.people import People, per_group
from zhike.sandbox.places import CITIES
from zhike.sandbox.usage import ACTIVE, ASLEEP, PACE, WAITING, Usage

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_ONLINE = np.array([kind.online for kind in SPENDING])
_PRICE = np.log([kind.price for kind in SPENDING])
_SPREAD = np.array([kind.spread for kind in SPENDING])
_HOURS = np.stack([quantiles(list(HOURS[kind.hours]), 1024) for kind in SPENDING])
_COUNTRY = quantiles([country.weight for country in COUNTRIES], 512)
_RATE = np.array([country.yuan for country in COUNTRIES])
_MINOR = np.array([10.0**country.digits for country in COUNTRIES])
_CITY = quantiles([city.weight for city in CITIES], 1024)
_OTHER_DECLINES = quantiles([45, 25, 20, 10], 64)  # 55, 61, 05, 54
_DECLINED = 0.006
CASH_A_DAY = 0.0022
_SUPPLEMENTARY_SHARE = 0.3


@dataclass(frozen=True)
class Buyers:
    """What does not change from day to day about how an account's holder buys."""

    rolls: Rolls
    group: NDArray[np.int32]
    city: NDArray[np.int32]
    pace: NDArray[np.float64]  # purchases a day when active
    ticket: NDArray[np.float64]  # logarithm of what this holder pays beside the usual price
    travel: NDArray[np.float64]
    need_for_credit: NDArray[np.float64]
    pay_day: NDArray[np.int32]


def buyers(people: People, accounts: Accounts) -> Buyers:
    """Habits of the holder of each account; a second account shares the purse with the first."""
    person = accounts.person
    group = people.group[person]
    shared = np.where(np.bincount(person, minlength=len(people))[person] > 1, 0.62, 1.0)
    return Buyers(
        rolls=accounts.rolls, group=group, city=people.city[person],
        pace=per_group("purchases_a_month")[group] / 30.4 * shared * np.exp(0.5 * accounts.rolls.normal("pace") - 0.03),
        ticket=np.log(per_group("ticket")[group] * people.spend_level[person]), travel=people.travel[person],
        need_for_credit=people.need_for_credit[person],
        pay_day=np.array(PAY_DAYS, np.int32)[people.rolls.at(person).below("pay day", len(PAY_DAYS))],
    )  # fmt: skip


def monthly_spend(who: Buyers) -> Ints:
    """About what an active holder spends in a month, fen."""
    share = np.array([kind.share for kind in SPENDING])
    mean = (share * np.exp(_PRICE + _SPREAD**2 / 2)).sum() / share.sum()
    return (who.pace * 30.4 * np.exp(who.ticket) * mean * 100).astype(np.int64)


def eagerness(accounts: Accounts, ledger: Ledger) -> Floats:
    """The part of the usual pace that is left where little of the limit is: from 0.08 to 1."""
    return np.clip((accounts.effective - ledger.balance) / (0.12 * accounts.limit), 0.08, 1.0)


def above_a_day(who: Buyers, account: Ints, amount: Floats) -> Floats:
    """How many purchases of at least ``amount`` fen each of these active holders makes on a plain day."""
    share = np.array([kind.share for kind in SPENDING])
    taste = np.array([[group.tastes.get(kind.name, 1.0) for kind in SPENDING] for group in GROUPS]) * share
    apart = np.log(amount / 100)[:, None] - _PRICE - who.ticket[account][:, None]
    above = 0.5 - 0.5 * np.vectorize(erf)(apart / _SPREAD / np.sqrt(2))
    weight = (taste / taste.sum(axis=1, keepdims=True))[who.group[account]]
    found: Floats = who.pace[account] * (weight * above).sum(axis=1)
    return found


def attempts(
    who: Buyers, accounts: Accounts, usage: Usage, ledger: Ledger, day: int, more: Floats | float = 1.0
) -> Ints:
    """How many purchases each account tries today; the first use of a card is at least one.

    ``more``: times the usual, for what the bank has offered.
    """
    today = day_of(day)
    _, lift = _tastes(season(today))
    after_pay = (today.day - who.pay_day) % 30 < 4
    room = eagerness(accounts, ledger)
    mean = who.pace * more * lift * np.where(after_pay, 1.18, 0.98) * PACE[usage.state] * room * accounts.usable
    count = who.rolls.on(day).poisson("purchases", mean)
    first = accounts.cards.first_use[: len(accounts)] == day
    return np.where(first & accounts.usable, np.maximum(count, 1), count)


def day_of_spending(
    who: Buyers, accounts: Accounts, usage: Usage, ledger: Ledger, merchants: Merchants, day: int,
    more: Floats | float = 1.0,
) -> Entries:  # fmt: skip
    """Purchases and cash advances of the day, approved and declined; ledger and usage move with them."""
    starts = (accounts.cards.first_use[: len(accounts)] == day) & accounts.usable & (usage.state == WAITING)
    usage.state[starts] = ACTIVE
    count = attempts(who, accounts, usage, ledger, day, more)
    account = np.repeat(np.arange(len(accounts)), count)
    turn = np.arange(len(account)) - np.repeat(np.cumsum(count) - count, count)
    rolls = who.rolls.at(account).on(day).on(turn + 1)
    bought = _purchases(who, accounts, merchants, account, rolls, day)
    drawn = _cash_advances(who, accounts, usage, merchants, day)
    return authorise(entries.joined([bought, drawn]), accounts, usage, ledger, day)


def authorise(tried: Entries, accounts: Accounts, usage: Usage, ledger: Ledger, day: int) -> Entries:
    """The answers to what is tried; ledger and usage move with what is approved. What is refused already stays so."""
    tried = tried.at(np.lexsort((tried.second, tried.account)))
    room = accounts.effective - ledger.balance
    response = _responses(tried, room, accounts.rolls.at(tried.account).on(day).on(tried.second))
    response = np.where(tried.response == APPROVED, response, tried.response)
    answered = Entries(**{**vars(tried), "response": response})
    _record(answered, usage, ledger, day)
    return answered


def last_purchases(who: Buyers, merchants: Merchants, account: Ints, ago: Ints) -> Entries:
    """The last purchase of each of these accounts before the files begin, so many days ago."""
    rolls = who.rolls.at(account)
    shop = merchants.local(who.city[account], np.zeros(len(account), np.int32), rolls.below("last shop", 64))
    return entries.make(
        account, entries.PURCHASE, 1_000 + rolls.below("last amount", 30_000), card=account, channel=entries.POS,
        merchant=shop, second=28_800 + rolls.below("last second", 40_000), ago=ago,
    )  # fmt: skip


def _responses(tried: Entries, room: Ints, rolls: Rolls) -> Ints:
    """Answers of the authorisation system: what would pass the room left (with all tried before today) is refused."""
    running = np.cumsum(tried.amount)
    start = np.searchsorted(tried.account, tried.account)
    before = np.concatenate([[0], running])[start]
    other = rolls.happens("declined", _DECLINED)
    code = np.where(other, 2 + rolls.drawn("decline code", _OTHER_DECLINES), APPROVED)
    return np.where(running - before > room[tried.account], NO_FUNDS, code)


def _record(answered: Entries, usage: Usage, ledger: Ledger, day: int) -> None:
    posted = answered.at(answered.response == APPROVED)
    cash = posted.type == entries.CASH
    np.add.at(ledger.balance, posted.account, posted.amount)
    np.add.at(ledger.purchases, posted.account[~cash], posted.amount[~cash])
    np.add.at(ledger.cash, posted.account[cash], posted.amount[cash])
    usage.last[posted.account] = day


def _purchases(who: Buyers, accounts: Accounts, merchants: Merchants, account: Ints, rolls: Rolls, day: int) -> Entries:
    table, _ = _tastes(season(day_of(day)))
    kind = rolls.drawn("kind", table, who.group[account])
    online = rolls.happens("online", _ONLINE[kind])
    abroad, country, city = _whereabouts(who, account, day)
    abroad &= ~online
    merchant = _shop(merchants, kind, online, abroad, country, city, rolls, who.rolls.at(account).on(kind))
    amount = _price(rolls, kind, who.ticket[account])
    amount, original = abroad_amounts(amount, abroad, country, who.rolls.at(account).on(day))
    cards = accounts.cards
    other = accounts.supplementary[account]
    lent = (other >= 0) & (cards.first_use[np.maximum(other, 0)] <= day) & rolls.happens("lent", _SUPPLEMENTARY_SHARE)
    card = np.where(lent, other, accounts.main[account])
    pays_by_wallet = (cards.bound[card] <= day) & ~abroad & rolls.happens("by wallet", 0.78)
    return entries.make(
        account, entries.PURCHASE, amount, card=card, merchant=merchant,
        second=rolls.drawn("hour", _HOURS, kind) * 3600 + rolls.below("second", 3600),
        channel=np.where(online, entries.ONLINE, np.where(pays_by_wallet, entries.WALLET, entries.POS)),
        wallet=np.where(pays_by_wallet, cards.wallet[card], NONE), country=np.where(abroad, country, NONE),
        original=original,
    )  # fmt: skip


def abroad_amounts(amount: Ints, abroad: NDArray[np.bool_], country: Ints, rolls: Rolls) -> tuple[Ints, Ints]:
    """Fen billed at the rate of the day, and minor units of the money of the place; the same at home."""
    original = np.maximum(1, np.round(amount / 100 / _RATE[country] * _MINOR[country])).astype(np.int64)
    rate = _RATE[country] * (0.985 + 0.03 * rolls.uniform("rate of the day"))
    billed = np.maximum(1, np.round(original / _MINOR[country] * rate * 100)).astype(np.int64)
    return np.where(abroad, billed, amount), np.where(abroad, original, amount)


def _whereabouts(who: Buyers, account: Ints, day: int) -> tuple[NDArray[np.bool_], Ints, Ints]:
    """Whether the holder is abroad this week and where, and in which city otherwise: one place a week."""
    week, wish = who.rolls.at(account).on(10_000_000 + day // 7), season(day_of(day)).travel
    abroad = is_abroad(who, account, day)
    away = week.happens("away", 0.05 * wish * who.travel[account])
    return abroad, week.drawn("country", _COUNTRY), np.where(away, week.drawn("city", _CITY), who.city[account])


def is_abroad(who: Buyers, account: Ints, day: int) -> NDArray[np.bool_]:
    """Whether the holders are abroad this week."""
    week = who.rolls.at(account).on(10_000_000 + day // 7)
    return week.happens("abroad", 0.020 * season(day_of(day)).travel * who.travel[account] ** 2)


def _shop(
    merchants: Merchants, kind: Ints, online: NDArray[np.bool_], abroad: NDArray[np.bool_], country: Ints, city: Ints,
    rolls: Rolls, habit: Rolls,
) -> Ints:  # fmt: skip
    """Half of the purchases go to one of three shops of habit, the rest anywhere; big shops get more."""
    anywhere = (64 * rolls.uniform("shop") ** 2).astype(np.int64)
    usual = habit.on(rolls.below("which habit", 3)).below("usual shop", 64)
    rank = np.where(rolls.happens("habit", 0.5), usual, anywhere)
    local = np.where(online, merchants.online(kind, rank), merchants.local(city, kind, rank))
    return np.where(abroad, merchants.foreign(country, rank), local)


def _price(rolls: Rolls, kind: Ints, ticket: NDArray[np.float64]) -> Ints:
    """Fen: log-normal by kind and holder; a third are whole yuan, some end in .90."""
    yuan = np.exp(_PRICE[kind] + ticket + _SPREAD[kind] * rolls.normal("price"))
    ending = rolls.uniform("ending")
    whole = np.maximum(np.round(yuan), 1) * 100
    cents = np.select([ending < 0.35, ending < 0.5], [whole, whole - 10], np.maximum(np.round(yuan * 100), 50))
    return np.minimum(cents, 20_000_000).astype(np.int64)


def _cash_advances(who: Buyers, accounts: Accounts, usage: Usage, merchants: Merchants, day: int) -> Entries:
    rolls = who.rolls.on(day)
    awake = (usage.state != WAITING) & (usage.state != ASLEEP) & accounts.usable
    account = np.flatnonzero(awake & rolls.happens("cash advance", CASH_A_DAY * who.need_for_credit))
    rolls = rolls.at(account)
    most = np.minimum(accounts.limit[account] // 4, 500_000) // 10_000
    amount = (1 + (most * rolls.uniform("cash amount") ** 2).astype(np.int64)) * 10_000
    return entries.make(
        account, entries.CASH, amount, card=accounts.main[account], channel=entries.ATM,
        merchant=merchants.cash_machine(who.city[account]), second=rolls.below("cash second", 54_000) + 25_200,
    )  # fmt: skip


@lru_cache(maxsize=64)
def _tastes(today: Season) -> tuple[NDArray[np.int16], float]:
    """Quantile table of kinds for every group, and how much more is bought than on an ordinary day."""
    factor = np.array([getattr(today, kind.rhythm) for kind in SPENDING])
    share = np.array([kind.share for kind in SPENDING])
    rows = [
        quantiles(list(share * factor * [group.tastes.get(kind.name, 1.0) for kind in SPENDING])) for group in GROUPS
    ]
    return np.stack(rows), float(today.daily * (share * factor).sum() / share.sum())
