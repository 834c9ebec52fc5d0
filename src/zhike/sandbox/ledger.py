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
    ``balance`` is all that is owed. Of it ``unbilled`` is principal of instalment plans that no statement has called
    in yet; ``due_in_full`` pays the last statement whole. ``splittable``: purchases of the last statement that no
    plan holds; ``split``, ``called``: principal put into plans, and principal and interest called in, since it.
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
    unbilled: Ints
    due_in_full: Ints
    splittable: Ints
    split: Ints
    called: Ints

    def late_days(self, day: int) -> Ints:
        """Days past due; 0 where nothing is late."""
        return np.where(self.past_due_since == NEVER, 0, day - self.past_due_since.astype(np.int64))


def empty(people: People, accounts: Accounts) -> Ledger:
    """A ledger before anything has happened."""
    count = len(accounts)
    need, diligence = people.need_for_credit[accounts.person], people.diligence[accounts.person]
    leaning = accounts.rolls.uniform("paying habit")
    in_parts, the_least = 0.98 * need, 0.36 * need * (1.3 - diligence)
    habit = np.where(leaning < in_parts, PART, np.where(leaning < in_parts + the_least, LEAST, FULL))

    def zeros() -> Ints:
        return np.zeros(count, np.int64)

    def never() -> Days:
        return np.full(count, NEVER, np.int32)

    return Ledger(
        habit=habit.astype(np.int32), part=0.055 + 0.20 * accounts.rolls.uniform("part paid") ** 1.5,
        balance=zeros(), purchases=zeros(), cash=zeros(), refunds=zeros(), charges=zeros(), paid=zeros(),
        closing=zeros(), minimum=zeros(), statement=never(), due=never(), plan_day=never(), plan=zeros(),
        past_due_since=never(), unbilled=zeros(), due_in_full=zeros(), splittable=zeros(), split=zeros(),
        called=zeros(),
    )  # fmt: skip
