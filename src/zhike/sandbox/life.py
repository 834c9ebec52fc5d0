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
Floats = NDArray[np.float64]

STEPS = ("01", "02", "03", "04", "05", "06", "07", "08", "09", "10")
APPROVED, ISSUED, MAILED, DELIVERED, ACTIVATED, BOUND, BLOCK, UNBLOCK, CLOSE, REPLACE = range(10)
BY = ("C", "B", "X")
CUSTOMER, BANK, CHARGE_OFF = range(3)
WALLETS = ("WX", "ZF", "YS", "SJ")
DETAILS = ("", *WALLETS, "ARREARS", "REQUEST", "SILENT", "LOST", "FRAUD")
ARREARS, REQUEST, SILENT, LOST, FRAUD = 5, 6, 7, 8, 9

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
LATE_FOR_BLOCK = 30


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
        parts.append(steps(card, step, due[card], by, detail))
    return joined(parts)


def joined(parts: list[Steps]) -> Steps:
    return Steps(*(np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(Steps)))


def block_and_release(accounts: Accounts, ledger: Ledger, day: int, held: NDArray[np.bool_] | None = None) -> Steps:
    """Blocks accounts a month past due, frees those that have paid; ``held`` are blocked by the bank's own word."""
    late = ledger.late_days(day)
    blocked = np.flatnonzero((accounts.status == OPEN) & (late >= LATE_FOR_BLOCK))
    paid = (accounts.status == BLOCKED) & (late == 0)
    freed = np.flatnonzero(paid if held is None else paid & ~held)
    blocks = set_block(accounts, blocked, BLOCKED, ARREARS, day)
    return joined([blocks, set_block(accounts, freed, OPEN, ARREARS, day)])


def set_block(accounts: Accounts, account: NDArray[np.integer], status: int, why: int, day: int) -> Steps:
    """Blocks (BLOCKED) or frees (OPEN) these accounts and their cards; ``why`` is a position in DETAILS."""
    accounts.status[account], accounts.status_since[account] = status, day
    if status == BLOCKED:
        accounts.extra.end_early(account, day)
    return _on_cards(accounts, account, BLOCK if status == BLOCKED else UNBLOCK, BANK, why, day)


def blocked_before(accounts: Accounts, account: NDArray[np.integer]) -> Steps:
    """The blocks of main cards that the opening file tells of, on the days on which they came."""
    return steps(account, BLOCK, accounts.status_since[account], BANK, ARREARS)


def leave(
    accounts: Accounts, usage: Usage, ledger: Ledger, index: Index, day: int, ease: Floats | None = None
) -> Steps:
    """Monthly, for the accounts of this statement day that owe nothing: who closes, and whom the bank closes.

    ``ease`` tells of all accounts how well the bank treats their holders; 1 is ordinary.
    """
    index = index[(accounts.status[index] == OPEN) & (ledger.balance[index] == 0) & (ledger.unbilled[index] == 0)]
    rolls = accounts.rolls.at(index).on(day)
    wants = use.closing(usage, index, rolls, 1.0 if ease is None else ease[index])
    told = ~wants & use.given_up(usage, index, rolls, day)
    closed = close(accounts, index[wants], CLOSED_BY_CUSTOMER, day)
    return joined([closed, close(accounts, index[told], CLOSED_BY_BANK, day)])


def close(accounts: Accounts, account: NDArray[np.integer], status: int, day: int) -> Steps:
    """Ends the accounts and their cards."""
    by, detail = _ENDS[status]
    accounts.status[account], accounts.status_since[account] = status, day
    accounts.extra.end_early(account, day)
    taken = _on_cards(accounts, account, CLOSE, by, detail, day)
    accounts.cards.closed[taken.card] = accounts.cards.closed[accounts.main[account]] = day
    return taken


def _on_cards(accounts: Accounts, account: NDArray[np.integer], step: int, by: int, detail: int, day: int) -> Steps:
    """A step on the main card and on the supplementary one, where they are out already."""
    card = np.concatenate([accounts.main[account], accounts.supplementary[account]])
    card = card[card >= 0]
    card = card[accounts.cards.issued[card] <= day]
    return steps(card, step, np.full(len(card), day), by, detail)


def steps(
    card: NDArray[np.integer], step: int, day: NDArray[np.integer], by: int, detail: int | NDArray[np.integer]
) -> Steps:
    columns = np.broadcast_arrays(card, step, day, by, detail)
    return Steps(*(np.asarray(column, np.int64) for column in columns))
