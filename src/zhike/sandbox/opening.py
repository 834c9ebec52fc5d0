"""The state in which the bank's files begin: bills, payments on their way, plans under way, arrears of every age.

A bank does not start on the day of its first file. What is here is what months before it would have left behind, so
that a bank of one month looks like the last month of a bank of eighteen.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox import billing, borrowing, instalments, usage
from zhike.sandbox.accounts import BLOCKED, Accounts
from zhike.sandbox.borrowing import Borrowers
from zhike.sandbox.calendar import NEVER
from zhike.sandbox.dice import Rolls
from zhike.sandbox.instalments import BILL, CASH, PURCHASE, Instalments, Plans
from zhike.sandbox.ledger import DAYS_TO_PAY, FULL, LEAST, Ledger
from zhike.sandbox.people import People
from zhike.sandbox.usage import Usage

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

MONTH = 30.4
_OLDEST_ARREARS = 40  # months
_GROWTH_A_MONTH = 0.04  # of what is owed in arrears: interest and late fees
_LARGE_A_MONTH = 0.40  # purchases that are large enough for a plan, of who spends 4,000 yuan a month
_ORDINARY_MONTH = 400_000
_BILLS_A_MONTH, _CASH_A_MONTH = 1.07, 1.2  # chances to take a plan: some statements come in calmer months
_PLAN_AGES = 24


@dataclass(frozen=True)
class Before:
    """What is known of the months before: spending of a month (fen), who uses the card, day of the last statement."""

    monthly: Ints
    in_use: Bools
    statement: Ints
    first_day: int


def bring_forward(ledger: Ledger, accounts: Accounts, before: Before) -> None:
    """The last statement of each account in use, payments on it, purchases since."""
    rolls, in_use, statement = accounts.rolls, before.in_use, before.statement
    filled = np.minimum(0.95 / ledger.part + 0.5, 9.5)
    months = np.select([ledger.habit == FULL, ledger.habit == LEAST], [1.0, 8.0], filled)
    wanted = before.monthly * months * np.exp(0.25 * rolls.normal("opening bill"))
    owed = np.minimum(wanted, accounts.limit * (0.45 + 0.45 * rolls.uniform("opening fill")))
    ledger.closing[:] = np.where(in_use, owed, 0).astype(np.int64)
    ledger.due_in_full[:] = ledger.closing
    ledger.splittable[:] = np.where(in_use, np.minimum(ledger.closing, before.monthly), 0)
    ledger.minimum[:] = np.minimum(ledger.closing, np.maximum(ledger.closing // 10, 5_000))
    ledger.statement[:] = np.where(in_use, statement, NEVER)
    ledger.due[:] = np.where(in_use, statement + DAYS_TO_PAY, NEVER)
    since = (before.monthly * (before.first_day - statement) / MONTH).astype(np.int64)
    ledger.purchases[:] = np.where(in_use, np.minimum(since, accounts.limit // 4), 0)
    wish = billing.wish(ledger, np.arange(len(accounts)), ledger.minimum)
    on_time = statement + DAYS_TO_PAY - np.where(accounts.autopay, 0, rolls.below("opening pay day", 14))
    settled = in_use & (on_time < before.first_day)
    ledger.paid[:] = np.where(settled, wish, 0)
    ledger.plan[:] = np.where(in_use & ~settled, wish, 0)
    ledger.plan_day[:] = np.where(in_use & ~settled, on_time, NEVER)
    ledger.balance[:] = ledger.closing - ledger.paid + ledger.purchases


def fall_behind(ledger: Ledger, people: People, accounts: Accounts, state: Usage, before: Before) -> Ints:
    """Arrears of every age, as slips and cures leave them; gives the accounts that are blocked for it."""
    rolls, slip = accounts.rolls, billing.miss_chance(people, accounts, np.arange(len(accounts)))
    age = _months_behind(ledger, rolls.uniform("opening arrears") / slip)
    since = before.statement + DAYS_TO_PAY - np.round(MONTH * age).astype(np.int64)
    held = accounts.cards.first_use[: len(accounts)] < since - 45
    late = before.in_use & (age < _OLDEST_ARREARS) & (before.first_day - since > billing.GRACE_DAYS) & held
    days = before.first_day - since
    blocked = late & (days >= billing.LATE_FOR_BLOCK)
    misses = before.in_use & ~late & rolls.happens("opening miss", slip)
    ledger.paid[misses], ledger.plan_day[misses] = 0, NEVER
    fill = (0.42 + 0.62 * rolls.uniform("arrears fill") ** 0.7) * (1 + _GROWTH_A_MONTH * np.minimum(age, 3))
    fill = np.where(blocked, fill, 0.0)
    owed = np.maximum(ledger.closing, (fill * accounts.limit).astype(np.int64))
    for column in (ledger.closing, ledger.due_in_full):
        column[late] = owed[late]
    ledger.minimum[late] = np.minimum(owed, owed // 10 * (age + 1))[late]
    ledger.past_due_since[late] = since[late]
    ledger.paid[late] = ledger.splittable[late] = 0
    cures = rolls.happens("opening cure", billing.cure(age))
    ledger.plan[late] = np.where(cures, ledger.minimum, 0)[late]
    ledger.plan_day[late & ~cures] = NEVER
    ledger.purchases[blocked] = 0
    fresh = late | misses
    ledger.balance[fresh] = (ledger.closing + ledger.purchases)[fresh]
    accounts.status[blocked] = BLOCKED
    accounts.status_since[blocked] = (since + billing.LATE_FOR_BLOCK)[blocked]
    silent = np.minimum(state.last, since + rolls.below("last use before arrears", 20))
    state.last[blocked] = silent[blocked]
    state.state[blocked & (days > 120)] = usage.SLIPPING
    return np.flatnonzero(blocked)


def _months_behind(ledger: Ledger, luck: NDArray[np.float64]) -> Ints:
    """Whole months by which the oldest missed due day lies before the last one; _OLDEST_ARREARS for nothing missed.

    ``luck`` in units of the chance to slip. Who has not yet come to pay for the last statement may still cure.
    """
    left = np.array([billing.left_after(age) for age in range(_OLDEST_ARREARS)])
    settled = np.searchsorted(np.cumsum(left), luck, side="right")
    waiting = 1 + np.searchsorted(np.cumsum(left[:-1]), luck, side="right")
    return np.where(ledger.plan_day == NEVER, settled, waiting)


def plans_under_way(who: Borrowers, accounts: Accounts, ledger: Ledger, book: Instalments, before: Before) -> None:
    """Plans booked in the two years before, as far as they are still under way."""
    sound = before.in_use & (before.first_day - ledger.past_due_since.astype(np.int64) < instalments.LATE_FOR_BREAKING)
    held = before.first_day - accounts.cards.first_use[: len(accounts)].astype(np.int64)
    parts = []
    for age in range(1, _PLAN_AGES):
        month = who.rolls.on(-age)
        for kind, name in enumerate(("bill", "purchase", "cash")):
            chance = who.chance[kind] * _turns(kind, before)
            can = sound & (held > MONTH * (age + 1)) & month.happens(f"{name} plan", chance)
            account = np.flatnonzero(can)
            own = month.at(account)
            term = own.drawn(f"{name} term", who.terms[kind])
            principal = _principal(kind, accounts, before, account, own)
            keep = (term > age) & (principal > 0) & ~own.happens("paid early", 0.006 * age)
            booked = before.statement - np.round(MONTH * age).astype(np.int64) + 1
            parts.append(Plans.of(
                number=0, account=account[keep], kind=kind, principal=principal[keep], term=term[keep], billed=age,
                interest=0, booked=(booked[account] + own.below("day booked", 25))[keep], state=instalments.RUNNING,
            ))  # fmt: skip
    plans = _within_limits(accounts, ledger, Plans.joined(parts))
    rate = book.prices.monthly_rate(plans.kind, plans.term)
    plans.interest[:] = np.round(plans.principal * rate).astype(np.int64)
    book.add(accounts, plans)
    left = np.bincount(plans.account, plans.remaining, len(accounts)).astype(np.int64)
    for name in ("balance", "closing", "unbilled"):
        getattr(ledger, name)[:] += left


def newest_plans(who: Borrowers, accounts: Accounts, ledger: Ledger, book: Instalments, before: Before) -> None:
    """Plans booked since the last statement."""
    month, since = who.rolls.on(0), before.first_day - before.statement
    for kind, wait in ((BILL, who.after), (PURCHASE, np.zeros(len(accounts))), (CASH, who.after + 6)):
        turns = _turns(kind, before) * (since / MONTH if kind == PURCHASE else 1.0)
        can = before.in_use & (since > wait) & month.happens(f"plan {kind}", who.chance[kind] * turns)
        account = np.flatnonzero(can & (ledger.unbilled < borrowing.FULLEST * accounts.limit))
        own = month.at(account)
        principal = _principal(kind, accounts, before, account, own)
        if kind == BILL:
            principal = borrowing.part_of_bill(ledger.splittable[account], own)
        booked = (before.statement + np.maximum(wait, 1).astype(np.int64))[account]
        book.start(accounts, ledger, kind, account, principal, own.drawn("newest term", who.terms[kind]), booked)


def _turns(kind: int, before: Before) -> NDArray[np.float64] | float:
    """How many times in a month the question comes up."""
    if kind == PURCHASE:
        return _LARGE_A_MONTH * before.monthly / _ORDINARY_MONTH
    return _BILLS_A_MONTH if kind == BILL else _CASH_A_MONTH


def _principal(kind: int, accounts: Accounts, before: Before, account: Ints, own: Rolls) -> Ints:
    if kind == BILL:
        return borrowing.part_of_bill(before.monthly[account], own)
    if kind == CASH:
        return borrowing.cash_wanted((0.62 * accounts.limit[account]).astype(np.int64), own)
    return (200_000 * np.exp(-0.75 * np.log(own.uniform("large purchase")))).astype(np.int64) // 100 * 100


def _within_limits(accounts: Accounts, ledger: Ledger, plans: Plans) -> Plans:
    """The plans that the limit bears beside what else is owed, the newest first."""
    plans = plans.at(np.argsort(plans.account, kind="stable"))
    running = np.cumsum(plans.remaining)
    start = np.searchsorted(plans.account, plans.account)
    before = np.concatenate([[0], running])[start]
    room = np.minimum(borrowing.FULLEST * accounts.limit, 0.95 * accounts.limit - ledger.balance)
    return plans.at(running - before <= room[plans.account])
