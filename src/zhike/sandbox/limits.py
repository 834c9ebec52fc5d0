"""Changes of credit limits: raised when the holder asks and pays well, cut when the account is late."""

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox.accounts import BLOCKED, LIMIT_CUT, LIMIT_RAISED_ON_REQUEST, OPEN, Accounts
from zhike.sandbox.ledger import Ledger
from zhike.sandbox.products import PRODUCTS
from zhike.sandbox.usage import ACTIVE, Usage

Index = NDArray[np.intp]

_ASKS_A_MONTH = 0.006
_LATE_FOR_CUT = 60
_MOST = np.array([product.limits[1] for product in PRODUCTS]) * 100


def monthly(accounts: Accounts, usage: Usage, ledger: Ledger, index: Index, day: int) -> Index:
    """Moves the limits of these accounts; gives those whose limit changed."""
    rolls = accounts.rolls.at(index).on(day)
    limit, late = accounts.limit[index], ledger.late_days(day)[index]
    asks = (usage.state[index] == ACTIVE) & (late == 0) & rolls.happens("asks for more", _ASKS_A_MONTH)
    raised = np.minimum(limit * (1.2 + 0.4 * rolls.uniform("raise")), _MOST[accounts.product[index]])
    cut = (late > _LATE_FOR_CUT) & (accounts.status[index] == BLOCKED) & (limit > 2 * ledger.balance[index])
    wished = np.where(asks, raised, np.where(cut, 0.6 * limit, limit))
    new = np.round(wished / 100_000).astype(np.int64) * 100_000
    changed = (new != limit) & (asks | cut) & (accounts.status[index] <= BLOCKED) & (new > 0)
    moved = index[changed]
    accounts.limit_before[moved] = accounts.limit[moved]
    accounts.limit[moved] = new[changed]
    accounts.limit_since[moved] = day
    accounts.limit_reason[moved] = np.where(accounts.status[moved] == OPEN, LIMIT_RAISED_ON_REQUEST, LIMIT_CUT)
    return moved
