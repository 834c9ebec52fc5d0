"""Who puts a bill, a large purchase or cash into instalments, and over how many months."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox import entries
from zhike.sandbox.accounts import Accounts
from zhike.sandbox.dice import Rolls, quantiles
from zhike.sandbox.entries import Entries
from zhike.sandbox.instalments import BILL, CASH, PURCHASE, Instalments
from zhike.sandbox.ledger import FULL, Ledger
from zhike.sandbox.people import People
from zhike.sandbox.prices import MOST_CASH_PRINCIPAL, ORDINARY, Prices, annual_rate, appeal
from zhike.sandbox.usage import ACTIVE, SLIPPING, Usage

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

# Chance a month (bill, cash) or a purchase, for a person in full need who is ordinary otherwise.
_BASE = (0.64, 1.12, 0.090)
_LEAST_BILL, LEAST_PURCHASE, LEAST_CASH = 60_000, 150_000, 200_000
FULLEST = 0.62  # of the limit may stand in plans
DAYS_TO_DECIDE = 6
_WEIGHTS = ((25, 25, 40, 10), (20, 22, 44, 14), (22, 56, 22))


@dataclass(frozen=True)
class Borrowers:
    """Per account: chance of each kind of plan, and how many days after the statement its holder decides."""

    rolls: Rolls
    chance: tuple[Floats, Floats, Floats]
    after: Ints
    terms: tuple[NDArray[np.int64], ...]


def borrowers(people: People, accounts: Accounts, ledger: Ledger, prices: Prices) -> Borrowers:
    """Need for credit makes a borrower, a price above the usual one keeps the sensitive away."""
    need = people.need_for_credit[accounts.person]
    sensitive = people.price_sensitivity[accounts.person]
    carries = np.where(ledger.habit == FULL, 0.8, 1.25)
    usual = [yearly(table) for table in ORDINARY.instalments]
    return Borrowers(
        rolls=accounts.rolls, after=1 + accounts.rolls.below("days to decide", DAYS_TO_DECIDE),
        chance=tuple(base * need * carries * appeal(yearly(table), price, sensitive)
                     for base, table, price in zip(_BASE, prices.instalments, usual, strict=True)),  # type: ignore[arg-type]
        terms=tuple(_terms(table, weights) for table, weights in zip(prices.instalments, _WEIGHTS, strict=True)),
    )  # fmt: skip


def yearly(table: tuple[tuple[int, float], ...]) -> float:
    """Mean simple annual rate over the terms on sale."""
    return float(np.mean([annual_rate(rate, term) for term, rate in table]))


def _terms(table: tuple[tuple[int, float], ...], weights: tuple[int, ...]) -> Ints:
    likes = [float(weights[min(place, len(weights) - 1)]) for place in range(len(table))]
    return np.array([term for term, _ in table])[quantiles(likes, 256)]


def day_of_borrowing(
    who: Borrowers, accounts: Accounts, state: Usage, ledger: Ledger, book: Instalments, bought: Entries, day: int
) -> Entries:
    """Books what holders who use their cards want today; gives the movements of cash paid out."""
    since = day - ledger.statement.astype(np.int64)
    calm = (ledger.unbilled < FULLEST * accounts.limit) & accounts.usable
    calm &= (state.state == ACTIVE) | (state.state == SLIPPING)
    rolls = who.rolls.on(day)
    account = np.flatnonzero((since == who.after) & calm & (ledger.splittable >= _LEAST_BILL))
    account = account[rolls.at(account).happens("bill plan", who.chance[BILL][account])]
    own = rolls.at(account)
    principal = part_of_bill(ledger.splittable[account], own)
    book.start(accounts, ledger, BILL, account, principal, own.drawn("bill term", who.terms[BILL]), day)
    _purchases(who, accounts, ledger, book, bought, day)
    account = np.flatnonzero((since == who.after + DAYS_TO_DECIDE) & calm)
    account = account[rolls.at(account).happens("cash plan", who.chance[CASH][account])]
    own, room = rolls.at(account), (accounts.limit - ledger.balance)[account]
    principal, term = cash_wanted(room, own), own.drawn("cash term", who.terms[CASH])
    wanted = principal >= LEAST_CASH
    paid, _ = book.start(accounts, ledger, CASH, account[wanted], principal[wanted], term[wanted], day)
    state.last[paid.account] = day
    return paid


def _purchases(
    who: Borrowers, accounts: Accounts, ledger: Ledger, book: Instalments, bought: Entries, day: int
) -> None:
    large = bought.at((bought.amount >= LEAST_PURCHASE) & (bought.type == entries.PURCHASE) & (bought.response == 0))
    rolls = who.rolls.at(large.account).on(day).on(large.second)
    room = FULLEST * accounts.limit[large.account] - ledger.unbilled[large.account]
    wanted = rolls.happens("purchase plan", who.chance[PURCHASE][large.account]) & (large.amount <= room)
    large, own = large.at(wanted), rolls.at(np.flatnonzero(wanted))
    book.start(
        accounts, ledger, PURCHASE, large.account, large.amount, own.drawn("purchase term", who.terms[PURCHASE]), day
    )


def part_of_bill(splittable: Ints, rolls: Rolls) -> Ints:
    """Half to all of the bill, in hundreds of yuan."""
    share = 0.5 + 0.5 * rolls.uniform("part of bill")
    return np.maximum((splittable * share).astype(np.int64) // 10_000 * 10_000, np.minimum(splittable, _LEAST_BILL))


def cash_wanted(room: Ints, rolls: Rolls) -> Ints:
    """A part of the room left, in thousands of yuan, never more than the rules allow."""
    part = (np.maximum(room, 0) * (0.2 + 0.6 * rolls.uniform("cash plan amount"))).astype(np.int64)
    return np.minimum(part, MOST_CASH_PRINCIPAL) // 100_000 * 100_000
