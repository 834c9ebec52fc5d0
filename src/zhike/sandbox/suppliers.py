"""Owners of small businesses who buy stock on their card: honest, though large, round and at the same wholesaler.

They look a little like cash-out, which is why a rule alone suspects the wrong people.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox import entries, usage
from zhike.sandbox.accounts import Accounts
from zhike.sandbox.calendar import day_of
from zhike.sandbox.entries import Entries
from zhike.sandbox.groups import GROUPS
from zhike.sandbox.kinds_of_spending import SPENDING
from zhike.sandbox.ledger import Ledger
from zhike.sandbox.merchants import Merchants
from zhike.sandbox.people import People
from zhike.sandbox.usage import Usage

_BUSINESS = next(position for position, group in enumerate(GROUPS) if group.name == "small_business")
_WHOLESALE, _GOLD = (
    next(position for position, kind in enumerate(SPENDING) if kind.name == name) for name in ("wholesale", "jewellery")
)
_OF_BUSINESSES, _OF_OTHERS = 0.22, 0.006
_SOME_MONTHS = 0.7
# Wholesale markets open long before day.
_EARLY = 0.25
# Some pay in several sums, as far as one payment may go.
_IN_PARTS = 0.13


@dataclass(frozen=True)
class Suppliers:
    """Accounts on which stock is bought: position of the account, its wholesaler, and the usual share of the limit."""

    account: NDArray[np.intp]
    shop: NDArray[np.int64]
    share: NDArray[np.float64]
    early: NDArray[np.bool_]


def make(people: People, accounts: Accounts, merchants: Merchants) -> Suppliers:
    group = people.group[accounts.person]
    chance = np.where(group == _BUSINESS, _OF_BUSINESSES, _OF_OTHERS)
    account = np.flatnonzero(accounts.rolls.happens("buys stock", chance))
    rolls = accounts.rolls.at(account)
    trade = np.where(rolls.happens("gold", 0.12), _GOLD, _WHOLESALE).astype(np.int32)
    shop = merchants.local(people.city[accounts.person[account]], trade, rolls.below("supplier", 10_000))
    share = 0.05 + 0.28 * rolls.uniform("stock share")
    return Suppliers(account, shop.astype(np.int64), share, rolls.happens("early", _EARLY))


def day_of_stock(own: Suppliers, accounts: Accounts, state: Usage, ledger: Ledger, day: int) -> Entries:
    """Stock bought today, before the authorisation answers: one or two round sums on the owner's days of the month."""
    rolls = accounts.rolls.at(own.account)
    date = day_of(day)
    month = rolls.on(date.year * 12 + date.month)
    goes = (month.below("stock day", 28) + 1 == date.day) & month.happens("stock month", _SOME_MONTHS)
    goes |= month.below("second stock day", 56) + 1 == date.day
    goes &= (state.state[own.account] == usage.ACTIVE) & accounts.usable[own.account]
    which = np.flatnonzero(goes)
    account, rolls = own.account[which], rolls.at(which).on(day)
    worth = accounts.limit[account] * own.share[which] * (0.7 + 0.6 * rolls.uniform("stock worth"))
    step = np.where(worth > 300_000, 100_000, 10_000)
    amount = np.maximum(np.round(worth / step), 1).astype(np.int64) * step
    some = ~rolls.happens("to the yuan", 0.35)
    amount = np.where(some, amount, worth.astype(np.int64) // 100 * 100)
    fits = np.flatnonzero(amount <= accounts.effective[account] - ledger.balance[account])
    parts = np.where(rolls.happens("in parts", _IN_PARTS), 3 + rolls.below("parts", 2), 1)[fits]
    again = np.repeat(fits, np.where(amount[fits] >= 400_000, parts, 1))
    turn = np.arange(len(again)) - np.searchsorted(again, again)
    count = np.bincount(again, minlength=len(amount))[again]
    second = np.where(own.early[which], 12_600, 30_000) + rolls.below("stock hour", 14_000)
    second += np.where(own.early[which], 0, rolls.below("later", 18_000))
    part = amount[again] // count // 10_000 * 10_000
    part = np.where(turn == count - 1, amount[again] - part * (count - 1), part)
    return entries.make(
        account[again], entries.PURCHASE, part, card=accounts.main[account[again]], second=second[again] + turn * 95,
        merchant=own.shop[which][again], channel=entries.POS,
    )  # fmt: skip
