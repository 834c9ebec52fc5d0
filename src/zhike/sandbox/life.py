"""The life of a card in steps: approved, issued, mailed, delivered, activated, bound, blocked, closed."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox import usage as use
from zhike.sandbox.accounts import (
    BLOCKED,
    CHARGED_OFF,
    CLOSED_BY_BANK,
    CLOSED_BY_CUSTOMER,
    OPEN,
    Accounts,
)
from zhike.sandbox.calendar import NEVER
from zhike.sandbox.ledger import Ledger
from zhike.sandbox.usage import Usage

Ints = NDArray[np.int64]
Index = NDArray[np.intp]

STEPS = ("01", "02", "03", "04", "05", "06", "07", "08", "09")
APPROVED, ISSUED, MAILED, DELIVERED, ACTIVATED, BOUND, BLOCK, UNBLOCK, CLOSE = range(9)
BY = ("C", "B", "X")
CUSTOMER, BANK, CHARGE_OFF = range(3)
WALLETS = ("WX", "ZF", "YS", "SJ")
DETAILS = ("", *WALLETS, "ARREARS", "REQUEST", "SILENT")
ARREARS, REQUEST, SILENT = 5, 6, 7

_SCHEDULED = (
    (APPROVED, "approved", BANK),
    (ISSUED, "issued", BANK),
    (MAILED, "mailed", BANK),
    (DELIVERED, "delivered", BANK),
    (ACTIVATED, "activated", CUSTOMER),
    (BOUND, "bound", CUSTOMER),
)
_ENDS = {
    CLOSED_BY_CUSTOMER: (CUSTOMER, REQUEST),
    CLOSED_BY_BANK: (BANK, SILENT),
    CHARGED_OFF: (CHARGE_OFF, ARREARS),
}
_LATE_FOR_BLOCK = 30


@dataclass(frozen=True)
class Steps:
    """One position per step taken; ``day`` may lie before the file's day in the opening file only."""

    card: Ints
    step: Ints
    day: Ints
    by: Ints
    detail: Ints

    def __len__(self) -> int:
        return len(self.card)


def scheduled(accounts: Accounts, since: int, until: int) -> Steps:
    """Steps that were due on days since..until of cards that are still held."""
    cards, parts = accounts.cards, []
    held = cards.closed == NEVER
    for step, name, by in _SCHEDULED:
        due = getattr(cards, name)
        card = np.flatnonzero((due >= since) & (due <= until) & held)
        detail = cards.wallet[card] + 1 if step == BOUND else 0
        parts.append(_steps(card, step, due[card], by, detail))
    return joined(parts)


def joined(parts: list[Steps]) -> Steps:
    return Steps(*(np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(Steps)))


def block_and_release(accounts: Accounts, ledger: Ledger, day: int) -> Steps:
    """Blocks accounts a month past due, frees those that have paid."""
    late = ledger.late_days(day)
    blocked = np.flatnonzero((accounts.status == OPEN) & (late >= _LATE_FOR_BLOCK))
    freed = np.flatnonzero((accounts.status == BLOCKED) & (late == 0))
    for account, status in ((blocked, BLOCKED), (freed, OPEN)):
        accounts.status[account], accounts.status_since[account] = status, day
    blocks = _on_cards(accounts, blocked, BLOCK, BANK, ARREARS, day)
    return joined([blocks, _on_cards(accounts, freed, UNBLOCK, BANK, ARREARS, day)])


def leave(accounts: Accounts, usage: Usage, ledger: Ledger, index: Index, day: int) -> Steps:
    """Monthly, for the accounts of this statement day that owe nothing: who closes, and whom the bank closes."""
    index = index[(accounts.status[index] == OPEN) & (ledger.balance[index] == 0)]
    rolls = accounts.rolls.at(index).on(day)
    wants = use.closing(usage, index, rolls)
    told = ~wants & use.given_up(usage, index, rolls, day)
    closed = close(accounts, index[wants], CLOSED_BY_CUSTOMER, day)
    return joined([closed, close(accounts, index[told], CLOSED_BY_BANK, day)])


def close(accounts: Accounts, account: Index, status: int, day: int) -> Steps:
    """Ends the accounts and their cards."""
    by, detail = _ENDS[status]
    accounts.status[account], accounts.status_since[account] = status, day
    steps = _on_cards(accounts, account, CLOSE, by, detail, day)
    accounts.cards.closed[steps.card] = day
    return steps


def _on_cards(accounts: Accounts, account: Index, step: int, by: int, detail: int, day: int) -> Steps:
    """A step on the main card and, where it is out already, on the supplementary one."""
    other = accounts.supplementary[account]
    other = other[other >= 0]
    other = other[accounts.cards.issued[other] <= day]
    card = np.concatenate([account, other])
    return _steps(card, step, np.full(len(card), day), by, detail)


def _steps(card: NDArray[np.integer], step: int, day: NDArray[np.integer], by: int, detail: int | Ints) -> Steps:
    columns = np.broadcast_arrays(card, step, day, by, detail)
    return Steps(*(np.asarray(column, np.int64) for column in columns))
