"""What each credit account owes: balance, current cycle, last statement, arrears."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox.accounts import Accounts
from zhike.sandbox.calendar import NEVER
from zhike.sandbox.people import People

Ints = NDArray[np.int64]
Days = NDArray[np.int32]

FULL, PART, LEAST = range(3)
DAYS_TO_PAY = 20


@dataclass
class Ledger:
    """Columns per account, amounts in fen, days since 1970 or NEVER.

    ``habit`` is how the holder pays: all, a part, or the minimum; ``paid`` counts since the last statement.
    """

    habit: NDArray[np.int32]
    part: NDArray[np.float64]
    balance: Ints
    purchases: Ints
    cash: Ints
    refunds: Ints
    charges: Ints
    paid: Ints
    closing: Ints
    minimum: Ints
    statement: Days
    due: Days
    plan_day: Days
    plan: Ints
    past_due_since: Days

    def late_days(self, day: int) -> Ints:
        """Days past due; 0 where nothing is late."""
        return np.where(self.past_due_since == NEVER, 0, day - self.past_due_since.astype(np.int64))


def empty(people: People, accounts: Accounts) -> Ledger:
    """A ledger before anything has happened."""
    count = len(accounts)
    need, diligence = people.need_for_credit[accounts.person], people.diligence[accounts.person]
    leaning = accounts.rolls.uniform("paying habit")
    in_parts, the_least = 0.78 * need, 0.30 * need * (1.3 - diligence)
    habit = np.where(leaning < in_parts, PART, np.where(leaning < in_parts + the_least, LEAST, FULL))

    def zeros() -> Ints:
        return np.zeros(count, np.int64)

    def never() -> Days:
        return np.full(count, NEVER, np.int32)

    return Ledger(
        habit=habit.astype(np.int32), part=0.07 + 0.28 * accounts.rolls.uniform("part paid") ** 1.5,
        balance=zeros(), purchases=zeros(), cash=zeros(), refunds=zeros(), charges=zeros(), paid=zeros(),
        closing=zeros(), minimum=zeros(), statement=never(), due=never(), plan_day=never(), plan=zeros(),
        past_due_since=never(),
    )  # fmt: skip


def bring_forward(
    ledger: Ledger, accounts: Accounts, monthly: Ints, in_use: NDArray[np.bool_], first_day: int, statement: Days
) -> None:
    """What accounts in use owe when the bank's files begin: last statement, payments on it, purchases since.

    ``monthly`` is what the holder spends in a month (fen); ``statement`` the day of the last statement before.
    """
    rolls = accounts.rolls
    months = np.where(ledger.habit == FULL, 1.0, np.minimum(1.0 / ledger.part, 8.0))
    owed = np.minimum(monthly * months, accounts.limit * (0.45 + 0.45 * rolls.uniform("opening fill")))
    ledger.closing[:] = np.where(in_use, owed, 0).astype(np.int64)
    ledger.minimum[:] = np.minimum(ledger.closing, np.maximum(ledger.closing // 10, 5_000))
    ledger.statement[:] = np.where(in_use, statement, NEVER)
    ledger.due[:] = np.where(in_use, statement + DAYS_TO_PAY, NEVER)
    since = (monthly * (first_day - statement) / 30.4).astype(np.int64)
    ledger.purchases[:] = np.where(in_use, np.minimum(since, accounts.limit // 4), 0)
    part = np.maximum(ledger.minimum, (ledger.closing * ledger.part).astype(np.int64))
    wish = np.where(ledger.habit == FULL, ledger.closing, part)
    on_time = statement + DAYS_TO_PAY - np.where(accounts.autopay, 0, rolls.below("opening pay day", 14))
    settled = in_use & (on_time < first_day)
    ledger.paid[:] = np.where(settled, wish, 0)
    ledger.plan[:] = np.where(in_use & ~settled, wish, 0)
    ledger.plan_day[:] = np.where(in_use & ~settled, on_time, NEVER)
    ledger.balance[:] = ledger.closing - ledger.paid + ledger.purchases
