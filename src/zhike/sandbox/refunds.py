"""Goods sent back: some purchases are refunded whole a few days later."""

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox import entries
from zhike.sandbox.accounts import BLOCKED, Accounts
from zhike.sandbox.dice import Rolls
from zhike.sandbox.entries import Entries
from zhike.sandbox.ledger import Ledger

_REFUNDED = 0.010
_FIRST_DAY, _LAST_DAY = 2, 14


def comes_back(rolls: Rolls) -> NDArray[np.bool_]:
    """Which purchases, by their rolls, will be refunded."""
    return rolls.happens("refunded", _REFUNDED)


class Pending:
    """Refunds on their way, by the day on which they arrive: at most two weeks of them."""

    def __init__(self) -> None:
        self._by_day: dict[int, list[Entries]] = {}

    def promise(self, accounts: Accounts, today: Entries, reference: NDArray[np.int64], day: int) -> None:
        """Decides which of today's purchases at home will come back, and when."""
        bought = (today.type == entries.PURCHASE) & (today.response == entries.APPROVED)
        bought &= (today.country < 0) & (today.ago == 0) & (today.case == 0)
        rolls = accounts.rolls.at(today.account).on(day).on(today.second)
        back = np.flatnonzero(bought & comes_back(rolls))
        wait = _FIRST_DAY + rolls.at(back).below("refund days", _LAST_DAY - _FIRST_DAY + 1)
        self.add(today.at(back), reference[back], day + wait)

    def add(self, bought: Entries, reference: NDArray[np.int64], when: NDArray[np.int64]) -> None:
        """These purchases will come back on those days."""
        for day in np.unique(when):
            which = np.flatnonzero(when == day)
            given = bought.at(which)
            refund = entries.make(
                given.account, entries.REFUND, -given.amount, card=given.card, channel=given.channel,
                wallet=given.wallet, merchant=given.merchant, second=36_000 + given.second // 4, of=reference[which],
                case=given.case,
            )  # fmt: skip
            self._by_day.setdefault(int(day), []).append(refund)

    def arriving(self, accounts: Accounts, ledger: Ledger, day: int) -> list[Entries]:
        """The refunds of the day; nothing comes back on an account that is closed by then."""
        arrived = []
        for part in self._by_day.pop(day, []):
            kept = part.at(accounts.status[part.account] <= BLOCKED)
            np.add.at(ledger.balance, kept.account, kept.amount)
            np.add.at(ledger.refunds, kept.account, -kept.amount)
            arrived.append(kept)
        return arrived
