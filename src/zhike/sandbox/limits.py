"""Changes of credit limits: raised when the holder asks and pays well, cut when the account is late."""

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox.accounts import BLOCKED, LIMIT_CUT, LIMIT_RAISED_ON_REQUEST, Accounts
from zhike.sandbox.ledger import Ledger
from zhike.sandbox.products import PRODUCTS
from zhike.sandbox.usage import ACTIVE, Usage

Index = NDArray[np.intp]

ASKS_A_MONTH = 0.006
_LATE_FOR_CUT = 60
_MOST = np.array([product.limits[1] for product in PRODUCTS]) * 100


def monthly(accounts: Accounts, usage: Usage, ledger: Ledger, index: Index, day: int) -> Index:
    """Moves the limits of these accounts; gives those whose limit changed."""
    rolls = accounts.rolls.at(index).on(day)
    limit, late = accounts.limit[index], ledger.late_days(day)[index]
    asks = (usage.state[index] == ACTIVE) & (late == 0) & rolls.happens("asks for more", ASKS_A_MONTH)
    raised = np.minimum(limit * (1.2 + 0.4 * rolls.uniform("raise")), _MOST[accounts.product[index]])
    cut = (late > _LATE_FOR_CUT) & (accounts.status[index] == BLOCKED) & (limit > 2 * ledger.balance[index])
    wished = np.where(asks, raised, np.where(cut, 0.6 * limit, limit))
    new = np.round(wished / 100_000).astype(np.int64) * 100_000
    changed = (new != limit) & (asks | cut) & (accounts.status[index] <= BLOCKED) & (new > 0)
    moved = index[changed]
    move(accounts, moved, new[changed], day)
    return moved


def move(accounts: Accounts, account: NDArray[np.integer], limit: NDArray[np.int64], day: int) -> None:
    """Gives these accounts a new limit (fen); a higher one stands there as asked for, a lower one as cut.

    A cut ends a temporary limit as well.
    """
    before = accounts.limit[account]
    accounts.limit_before[account], accounts.limit[account] = before, limit
    accounts.limit_since[account] = day
    accounts.extra.end_early(account[limit < before], day)
    accounts.limit_reason[account] = np.where(limit > before, LIMIT_RAISED_ON_REQUEST, LIMIT_CUT)
