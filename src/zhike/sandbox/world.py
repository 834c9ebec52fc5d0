"""The world of the made bank: all its state, lived one day at a time."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox import accounts as holdings
from zhike.sandbox import (
    billing,
    calendar,
    consents,
    deposits,
    entries,
    ledger,
    life,
    limits,
    merchants,
    people,
    refunds,
    spending,
    usage,
)
from zhike.sandbox.billing import Statements
from zhike.sandbox.deposits import Movements
from zhike.sandbox.dice import Dice
from zhike.sandbox.entries import Entries
from zhike.sandbox.life import Steps
from zhike.sandbox.parameters import Parameters

Index = NDArray[np.intp]
_ALWAYS = -(10**6)


@dataclass(frozen=True)
class Today:
    """What happened on one day, for those who write it down. Positions point into the world's columns.

    ``entries`` are in the order of the clock, ``reference`` is the bank's number of each.
    """

    day: int
    first: bool
    new_customers: Index
    withdrawals: Index
    new_accounts: Index
    limit_changes: Index
    status_changes: Index
    steps: Steps
    entries: Entries
    reference: NDArray[np.int64]
    statements: list[Statements]
    deposits: Movements


class World:
    """A bank and its people."""

    def __init__(self, parameters: Parameters) -> None:
        self.parameters = parameters
        dice = Dice(parameters.seed)
        self.people = people.make(parameters, dice)
        self.merchants = merchants.make(parameters)
        self.accounts = holdings.make(parameters, self.people, dice)
        self.deposits = deposits.make(parameters, self.people, dice)
        self.since = holdings.first_days(self.people, self.accounts)
        self.consents = consents.make(self.people, self.since)
        self.buyers = spending.buyers(self.people, self.accounts)
        self.ledger = ledger.empty(self.people, self.accounts)
        attachment = np.exp(0.4 * self.accounts.rolls.normal("attachment"))
        self.usage = usage.opening(self.accounts, attachment, parameters.first_day)
        self._pending = refunds.Pending()

    def step(self, day: int) -> Today:
        """Lives one day. The first is the bank's first day; the others follow without a gap."""
        first = day == self.parameters.first_day
        own, book = self.accounts, self.ledger
        parts, statements = self._brought_forward(day) if first else ([], [])
        steps = [life.scheduled(own, _ALWAYS if first else day, day)]
        before = own.status.copy()
        bought = spending.day_of_spending(self.buyers, own, self.usage, book, self.merchants, day)
        paid = billing.payments(own, book, day)
        parts += [bought, *self._pending.arriving(own, book, day), billing.cash_fees(book, bought), paid]
        parts += [billing.missed_due_days(own, book, day), billing.recoveries(own, day)]
        limited = self._close_of_day(day, parts, steps, statements)
        today = entries.joined(parts)
        reference = int(calendar.day_of(day).strftime("%Y%m%d")) * 10**8 + np.arange(1, len(today) + 1)
        self._pending.promise(own, today, reference, day)
        new = np.flatnonzero(own.opened <= day if first else own.opened == day)
        return Today(
            day=day, first=first, new_customers=np.flatnonzero(self.since <= day if first else self.since == day),
            withdrawals=np.empty(0, np.intp) if first else self.consents.withdrawals(day), new_accounts=new,
            limit_changes=np.setdiff1d(limited, new),
            status_changes=np.setdiff1d(np.flatnonzero(own.status != before), new),
            steps=life.joined(steps), entries=today, reference=reference, statements=statements,
            deposits=deposits.day_of_movements(self.deposits, self.people, day, own.person[paid.account], -paid.amount),
        )  # fmt: skip

    def _brought_forward(self, day: int) -> tuple[list[Entries], list[Statements]]:
        """What the bank's first files tell of the time before: last statements, the last purchase of each holder."""
        own, state = self.accounts, self.usage
        ago = (calendar.day_of(day).day - own.statement_day - 1) % 28 + 1
        awake = np.isin(state.state, (usage.ACTIVE, usage.SLIPPING)) & (day - own.cards.first_use[: len(own)] > 40)
        monthly = (spending.monthly_spend(self.buyers) * usage.PACE[state.state]).astype(np.int64)
        ledger.bring_forward(self.ledger, own, monthly, awake, day, (day - ago).astype(np.int32))
        used = np.flatnonzero(state.last < day)
        last = spending.last_purchases(self.buyers, self.merchants, used, day - state.last[used].astype(np.int64))
        return [last], [billing.opening_statements(self.ledger, np.flatnonzero(awake))]

    def _close_of_day(self, day: int, parts: list[Entries], steps: list[Steps], statements: list[Statements]) -> Index:
        """Statements and what follows from them; gives the accounts whose limit changed."""
        own, book = self.accounts, self.ledger
        gone, lost = billing.charge_off(own, book, day)
        parts.append(gone)
        steps.append(life.close(own, lost, holdings.CHARGED_OFF, day))
        due = (own.statement_day == calendar.day_of(day).day) & (own.opened <= day) & (own.status <= holdings.BLOCKED)
        index = np.flatnonzero(due)
        parts += [billing.interest(own, book, index), *billing.annual_fees(own, book, self.usage, index, day)]
        closed = billing.close_statements(book, index, day)
        statements.append(closed)
        billing.plan_payments(self.people, own, book, self.usage, closed.account, day)
        steps.append(life.block_and_release(own, book, day))
        usage.month_passes(self.usage, index, own.rolls.at(index).on(day))
        steps.append(life.leave(own, self.usage, book, index, day))
        return limits.monthly(own, self.usage, book, index, day)
