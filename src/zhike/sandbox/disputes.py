"""Purchases that a holder disputes, and the money given back: after a theft, or because goods never came.

A disputed movement is charged back some days after the report, or the dispute is refused and the holder bears it.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox import entries, refunds
from zhike.sandbox.accounts import BLOCKED, Accounts
from zhike.sandbox.columns import among
from zhike.sandbox.crime_cases import LOST, NOT_PRESENT, TAKEN_OVER, THEFTS, Cases
from zhike.sandbox.dice import Rolls
from zhike.sandbox.entries import Entries
from zhike.sandbox.ledger import Ledger

Ints = NDArray[np.int64]
Index = NDArray[np.intp]

# Chance that a victim's dispute is granted.
_GRANTED = {LOST: 0.75, NOT_PRESENT: 0.93, TAKEN_OVER: 0.88}
_FIRST_DAY, _DAYS = 3, 18
# Of purchases online at home, those whose goods never come; disputed after weeks.
_NOT_DELIVERED, _LEAST_DISPUTED = 0.0007, 10_000


@dataclass
class Disputes:
    """Deeds of cases not yet reported; chargebacks on their way, and accounts whose dispute will be refused, by day."""

    deeds: list[tuple[Entries, Ints]] = field(default_factory=list)
    _by_day: dict[int, list[Entries]] = field(default_factory=dict)
    _refused: dict[int, list[Ints]] = field(default_factory=dict)

    def note(self, today: Entries, reference: Ints, accounts: Accounts, cases: Cases, day: int) -> None:
        """Keeps today's deeds of thieves, and promises money back for goods that will not come."""
        done = (today.response == entries.APPROVED) & (today.ago == 0)
        case = today.case - 1
        spent = (today.type == entries.PURCHASE) | (today.type == entries.CASH)
        stolen = np.flatnonzero(done & spent & (today.case > 0))
        stolen = stolen[among(cases.kind[case[stolen]], THEFTS)]
        if len(stolen):
            self.deeds.append((today.at(stolen), reference[stolen]))
        bought = done & (today.type == entries.PURCHASE) & (today.channel == entries.ONLINE) & (today.case == 0)
        bought = np.flatnonzero(bought & (today.country < 0) & (today.amount >= _LEAST_DISPUTED))
        rolls = accounts.rolls.at(today.account[bought]).on(day).on(today.second[bought])
        missing = np.flatnonzero(rolls.happens("not delivered", _NOT_DELIVERED) & ~refunds.comes_back(rolls))
        wait = 16 + rolls.at(missing).below("dispute days", 30)  # after the days in which shops refund
        self._promise(today.at(bought[missing]), reference[bought[missing]], day + wait, rolls.at(missing))

    def reported(self, cases: Cases, which: Index, rolls: Rolls, day: int) -> None:
        """The holders of these cases tell the bank today: each of their deeds is granted or refused."""
        left: list[tuple[Entries, Ints]] = []
        for deeds, reference in self.deeds:
            case = deeds.case - 1
            mine = np.isin(case, which)
            if not mine.any():
                left.append((deeds, reference))
                continue
            if not mine.all():
                left.append((deeds.at(~mine), reference[~mine]))
            own = rolls.at(case[mine])
            chance = np.select([cases.kind[case[mine]] == kind for kind in _GRANTED], list(_GRANTED.values()), 0.0)
            granted = own.happens("granted", chance)
            when = day + _FIRST_DAY + own.below("granted after", _DAYS)
            hit, yes = np.flatnonzero(mine)[granted], np.flatnonzero(granted)
            self._promise(deeds.at(hit), reference[hit], when[yes], own.at(yes).on(reference[hit]))
            for late in np.unique(when[~granted]):
                account = deeds.account[mine][~granted & (when == late)]
                self._refused.setdefault(int(late), []).append(account)
        self.deeds = left

    def refused(self, day: int) -> Ints:
        """Accounts whose holders hear today that their dispute is refused."""
        return np.unique(np.concatenate([np.empty(0, np.int64), *self._refused.pop(day, [])]))

    def _promise(self, given: Entries, reference: Ints, when: Ints, rolls: Rolls) -> None:
        for day in np.unique(when):
            which = np.flatnonzero(when == day)
            back = given.at(which)
            charged_back = entries.make(
                back.account, entries.CHARGEBACK, -back.amount, card=back.card, merchant=back.merchant,
                channel=back.channel, second=32_400 + rolls.at(which).below("chargeback", 32_400),
                of=reference[which], case=back.case,
            )  # fmt: skip
            self._by_day.setdefault(int(day), []).append(charged_back)

    def arriving(self, accounts: Accounts, ledger: Ledger, day: int) -> list[Entries]:
        """The chargebacks of the day; nothing comes back on an account that is closed by then."""
        arrived = []
        for part in self._by_day.pop(day, []):
            kept = part.at(accounts.status[part.account] <= BLOCKED)
            np.add.at(ledger.balance, kept.account, kept.amount)
            np.add.at(ledger.refunds, kept.account, -kept.amount)
            arrived.append(kept)
        return arrived
