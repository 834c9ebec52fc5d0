"""Instalment plans: booked, called in month by month, finished, paid back early or broken off.

Principal that no statement has called in yet is owed and fills the limit, but is not due. What a statement calls in
is the month's principal and interest; interest is shown as such (DOMAIN section 2).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox import billing, entries
from zhike.sandbox.accounts import Accounts
from zhike.sandbox.calendar import NEVER
from zhike.sandbox.columns import Columns
from zhike.sandbox.entries import APP, Entries
from zhike.sandbox.ledger import Ledger
from zhike.sandbox.prices import LONGEST_CASH_TERM, LONGEST_TERM, MOST_CASH_PRINCIPAL, Prices

Ints = NDArray[np.int64]
Index = NDArray[np.intp]
Bools = NDArray[np.bool_]

KINDS = ("B", "P", "C")
BILL, PURCHASE, CASH = range(3)
STATES = ("R", "D", "F", "B", "C")
RUNNING, IN_ARREARS, FINISHED, BROKEN_OFF, PAID_EARLY = range(5)
LATE_FOR_ARREARS, LATE_FOR_BREAKING = 30, 90
_PLANS_AN_ACCOUNT = 1_000
_PAID_EARLY_A_MONTH = 0.006


@dataclass(frozen=True)
class Plans(Columns):
    """One position per plan; ``interest`` is of a month, ``billed`` counts the months called in; amounts in fen."""

    number: Ints  # in the whole bank: account serial × 1000 and which plan of the account
    account: Ints
    kind: Ints
    principal: Ints
    term: Ints
    interest: Ints
    billed: Ints
    booked: Ints
    state: Ints

    @property
    def remaining(self) -> Ints:
        """Principal that no statement has called in; a plan that has ended has none."""
        part = self.principal // self.term
        left = np.where(self.billed >= self.term, 0, self.principal - self.billed * part)
        return np.where(self.state >= FINISHED, 0, left)

    @property
    def payment(self) -> Ints:
        """Principal and interest of an ordinary month."""
        return self.principal // self.term + self.interest


class Instalments:
    """The plans under way of a block. ``told`` are today's versions of plans; who writes them down clears it."""

    def __init__(self, accounts: Accounts, prices: Prices) -> None:
        self.prices = prices
        self.plans = Plans.none()
        self.told: list[Plans] = []
        self._booked = np.zeros(len(accounts), np.int64)

    def start(
        self, accounts: Accounts, ledger: Ledger, kind: int, account: Ints, principal: Ints, term: Ints, day: int | Ints
    ) -> tuple[Entries, Bools]:
        """Books plans where the rules and the account allow; gives the movements of it, and which were booked.

        A bill plan takes purchases of the last statement, a purchase plan one of today's purchases, a cash plan is
        paid out to the holder. Nothing that is in a plan goes into another.
        """
        good = allowed(accounts, ledger, kind, account, principal, term)
        account, principal, term = account[good], principal[good], term[good]
        booked = np.broadcast_to(np.asarray(day, np.int64), good.shape)[good]
        rate = self.prices.monthly_rate(np.full(len(account), kind), term)
        self.add(accounts, Plans.of(
            number=0, account=account, kind=kind, principal=principal, term=term,
            interest=np.round(principal * rate).astype(np.int64), billed=0, booked=booked, state=RUNNING,
        ))  # fmt: skip
        np.add.at(ledger.unbilled, account, principal)
        if kind == BILL:
            _take_from_bill(ledger, account, principal)
        elif kind == PURCHASE:
            np.add.at(ledger.split, account, principal)
        return _paid_out(ledger, account, principal if kind == CASH else principal[:0]), good

    def add(self, accounts: Accounts, plans: Plans) -> None:
        """Takes plans in and numbers them; the ledger is not touched."""
        order = np.argsort(plans.account, kind="stable")
        sorted_ = plans.account[order]
        rank = np.empty(len(plans), np.int64)
        rank[order] = np.arange(len(plans)) - np.searchsorted(sorted_, sorted_)
        which = self._booked[plans.account] + rank
        plans.number[:] = accounts.serial[plans.account] * _PLANS_AN_ACCOUNT + which
        np.add.at(self._booked, plans.account, 1)
        self.plans = Plans.joined([self.plans, plans])
        self.told.append(plans.at(np.arange(len(plans))))

    def call_in(self, accounts: Accounts, ledger: Ledger, index: Index, day: int) -> Entries:
        """Before the statements of these accounts close: the month's principal falls due and interest is charged."""
        plans = self.plans
        today = np.zeros(len(accounts), bool)
        today[index] = True
        due = np.flatnonzero(today[plans.account] & (plans.booked < day))
        early = due[accounts.rolls.at(plans.account[due]).on(plans.number[due]).on(day).happens(
            "pays back early", _PAID_EARLY_A_MONTH)]  # fmt: skip
        part = plans.principal[due] // plans.term[due]
        part = np.where(plans.billed[due] + 1 == plans.term[due], plans.remaining[due], part)
        account, interest = plans.account[due], plans.interest[due]
        np.subtract.at(ledger.unbilled, account, part)
        np.add.at(ledger.called, account, part + interest)
        plans.billed[due] += 1
        self._end(plans.billed >= plans.term, FINISHED)
        left = early[plans.state[early] < FINISHED]
        self._call_all(ledger, left, PAID_EARLY)
        paying = interest > 0
        return billing.charge(ledger, account[paying], entries.INSTALMENT_INTEREST, interest[paying])

    def follow_arrears(self, accounts: Accounts, ledger: Ledger, day: int) -> None:
        """Marks plans of accounts that are late; breaks off those long late, and those of accounts that have ended."""
        plans = self.plans
        late = ledger.late_days(day)[plans.account]
        gone = (accounts.status[plans.account] > 1) | (late >= LATE_FOR_BREAKING)
        self._call_all(ledger, np.flatnonzero(gone & (plans.state < FINISHED)), BROKEN_OFF)
        worse = (plans.state == RUNNING) & (late >= LATE_FOR_ARREARS)
        better = (plans.state == IN_ARREARS) & (late == 0)
        for moved, state in ((worse, IN_ARREARS), (better, RUNNING)):
            self._end(moved, state)
        under_way = plans.state < FINISHED
        if not under_way.all():
            self.plans = plans.at(under_way)

    def tell(self) -> Plans:
        """The versions of plans that came about since last asked."""
        told, self.told = Plans.joined(self.told), []
        return told

    def _call_all(self, ledger: Ledger, which: Index, state: int) -> None:
        left = self.plans.remaining[which]
        np.subtract.at(ledger.unbilled, self.plans.account[which], left)
        chosen = np.zeros(len(self.plans), bool)
        chosen[which] = True
        self._end(chosen, state)

    def _end(self, which: Bools, state: int) -> None:
        """Notes a new state and tells it."""
        moved = np.flatnonzero(which & (self.plans.state != state))
        if len(moved):
            self.plans.state[moved] = state
            self.told.append(self.plans.at(moved))


def allowed(accounts: Accounts, ledger: Ledger, kind: int, account: Ints, principal: Ints, term: Ints) -> Bools:
    """Which plans the rules of DOMAIN section 3 and the account's own state allow."""
    good = (principal > 0) & (term >= 2) & (term <= LONGEST_TERM) & accounts.usable[account]
    good &= ledger.past_due_since[account] == NEVER
    if kind == BILL:
        open_bill = ledger.due_in_full[account] - ledger.paid[account]
        return good & (principal <= np.minimum(ledger.splittable[account], open_bill)) & _single(account)
    if kind == CASH:
        good &= (term <= LONGEST_CASH_TERM) & (principal <= MOST_CASH_PRINCIPAL) & _single(account)
        return good & (principal <= accounts.limit[account] - ledger.balance[account])
    return good & (principal <= ledger.purchases[account] - ledger.split[account])


def _single(account: Ints) -> Bools:
    """The first row of each account: one bill is split once, one sum paid out at a time."""
    first = np.zeros(len(account), bool)
    first[np.unique(account, return_index=True)[1]] = True
    return first


def _take_from_bill(ledger: Ledger, account: Ints, principal: Ints) -> None:
    """What went into the plan needs not be paid for the statement any more."""
    ledger.due_in_full[account] -= principal
    ledger.splittable[account] = 0
    ledger.minimum[account] = np.minimum(ledger.minimum[account], ledger.due_in_full[account])
    ledger.plan[account] = np.minimum(ledger.plan[account], ledger.due_in_full[account] - ledger.paid[account])


def _paid_out(ledger: Ledger, account: Ints, principal: Ints) -> Entries:
    account = account[: len(principal)]
    ledger.balance[account] += principal
    ledger.cash[account] += principal
    return entries.make(account, entries.CASH_PLAN, principal, channel=APP, second=39_600)
