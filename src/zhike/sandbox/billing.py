"""Statements, interest, fees, payments, arrears, charge-off: what a credit account goes through in a month."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox import entries
from zhike.sandbox.accounts import BLOCKED, CHARGED_OFF, OPEN, Accounts
from zhike.sandbox.calendar import NEVER, day_of
from zhike.sandbox.entries import APP, BATCH, BRANCH, WALLET, Entries
from zhike.sandbox.ledger import DAYS_TO_PAY, FULL, LEAST, Ledger
from zhike.sandbox.people import People
from zhike.sandbox.products import PRODUCTS
from zhike.sandbox.usage import ASLEEP, Usage

Ints = NDArray[np.int64]
Index = NDArray[np.intp]

INTEREST_A_DAY = 0.0005
GRACE_DAYS, GRACE_CENTS = 3, 1_000
_LATE_FEE_SHARE, _LEAST_LATE_FEE, _CASH_FEE_SHARE, _LEAST_CASH_FEE = 0.05, 500, 0.01, 1_000
_LEAST_MINIMUM = 5_000
# Chance that an account past due pays at all before the next due day, by months past due.
_CURES = np.array([1.0, 0.72, 0.46, 0.28, 0.18, 0.12, 0.09, 0.07])
_LATE_FOR_CHARGE_OFF, _CHARGE_OFF_A_DAY, _RECOVERY_A_DAY = 240, 0.006, 0.0012
_PAYMENT_CHANNELS = np.array([APP, APP, APP, APP, WALLET, WALLET, BRANCH])


@dataclass(frozen=True)
class Statements:
    """The statements closed on one day; columns per statement, amounts in fen."""

    account: Index
    day: Ints
    due: Ints
    opening: Ints
    purchases: Ints
    cash: Ints
    refunds: Ints
    charges: Ints
    paid: Ints
    closing: Ints
    minimum: Ints
    revolving: Ints
    late_days: Ints

    def __len__(self) -> int:
        return len(self.account)


def payments(accounts: Accounts, ledger: Ledger, day: int) -> Entries:
    """Payments planned for today, never more than is owed; who has paid the minimum is no longer late."""
    account = np.flatnonzero(ledger.plan_day == day)
    amount = np.minimum(ledger.plan[account], ledger.balance[account])
    account, amount = account[amount > 0], amount[amount > 0]
    ledger.balance[account] -= amount
    ledger.paid[account] += amount
    cured = ledger.paid[account] + GRACE_CENTS >= ledger.minimum[account]
    ledger.past_due_since[account[cured]] = NEVER
    rolls = accounts.rolls.at(account).on(day)
    auto = accounts.autopay[account]
    channel = _PAYMENT_CHANNELS[rolls.below("payment channel", len(_PAYMENT_CHANNELS))]
    return entries.make(
        account, np.where(auto, entries.AUTOPAY, entries.PAYMENT), -amount, channel=np.where(auto, BATCH, channel),
        second=np.where(auto, 18_000, 25_200 + rolls.below("payment second", 57_000)),
    )  # fmt: skip


def missed_due_days(accounts: Accounts, ledger: Ledger, day: int) -> Entries:
    """Three days after the due day: whoever is short of the minimum by more than ten yuan is late from then on."""
    live = (accounts.status == OPEN) | (accounts.status == BLOCKED)
    account = np.flatnonzero((ledger.due == day - GRACE_DAYS) & live)
    short = ledger.minimum[account] - ledger.paid[account]
    account, short = account[short > GRACE_CENTS], short[short > GRACE_CENTS]
    fresh = ledger.past_due_since[account] == NEVER
    ledger.past_due_since[account[fresh]] = ledger.due[account[fresh]]
    fee = np.maximum(np.round(short * _LATE_FEE_SHARE).astype(np.int64), _LEAST_LATE_FEE)
    return charge(ledger, account, entries.LATE_FEE, fee)


def cash_fees(ledger: Ledger, today: Entries) -> Entries:
    """The fee of each cash advance that was granted today."""
    cash = today.at((today.type == entries.CASH) & (today.response == entries.APPROVED))
    fee = np.maximum(np.round(cash.amount * _CASH_FEE_SHARE).astype(np.int64), _LEAST_CASH_FEE)
    return charge(ledger, cash.account, entries.CASH_FEE, fee)


def interest(accounts: Accounts, ledger: Ledger, index: Index) -> Entries:
    """Interest for who did not pay the last statement whole: on the part left open, and half on the part paid."""
    carried = ledger.closing[index] - ledger.paid[index]
    bears = (carried > GRACE_CENTS) & (accounts.status[index] != CHARGED_OFF)
    base = carried + ledger.paid[index] // 2
    amount = np.round(base * INTEREST_A_DAY * 30.4).astype(np.int64)
    return charge(ledger, index[bears], entries.INTEREST, amount[bears])


def annual_fees(accounts: Accounts, ledger: Ledger, usage: Usage, index: Index, day: int) -> list[Entries]:
    """Once a year in the month of opening, for cards that cost one; half of the holders are let off."""
    month = np.asarray(accounts.opened[index], "datetime64[D]").astype("datetime64[M]").astype(int) % 12 + 1
    fee = np.array([product.annual_fee for product in PRODUCTS])[accounts.product[index]] * 100
    older = day - accounts.opened[index] > 300
    pays = (fee > 0) & older & (month == day_of(day).month) & (accounts.status[index] == OPEN)
    pays &= usage.state[index] != ASLEEP
    account, fee = index[pays], fee[pays]
    waived = accounts.rolls.at(account).on(day).happens("fee waived", 0.5)
    charged = charge(ledger, account, entries.ANNUAL_FEE, fee)
    return [charged, charge(ledger, account[waived], entries.WAIVER, -fee[waived])]


def close_statements(ledger: Ledger, index: Index, day: int) -> Statements:
    """Closes the cycle of these accounts and starts the next one; silent accounts get no statement."""
    before, paid = ledger.closing[index], ledger.paid[index]
    moved = (ledger.purchases[index] != 0) | (paid != 0) | (ledger.charges[index] != 0) | (ledger.cash[index] != 0)
    index = index[moved | (before != 0) | (ledger.refunds[index] != 0)]
    closing, opening, paid = ledger.balance[index], ledger.closing[index], ledger.paid[index].copy()
    unpaid = np.where(ledger.past_due_since[index] == NEVER, 0, np.maximum(ledger.minimum[index] - paid, 0))
    tenth = np.maximum((closing - unpaid) // 10, _LEAST_MINIMUM)
    minimum = np.clip(tenth + unpaid, 0, np.maximum(closing, 0))
    closed = Statements(
        account=index, day=np.full(len(index), day), due=np.full(len(index), day + DAYS_TO_PAY),
        opening=opening.copy(), purchases=ledger.purchases[index], cash=ledger.cash[index],
        refunds=ledger.refunds[index], charges=ledger.charges[index],
        paid=paid, closing=closing.copy(), minimum=minimum,
        revolving=np.clip(np.where(opening - paid > GRACE_CENTS, opening - paid, 0), 0, np.maximum(closing, 0)),
        late_days=ledger.late_days(day)[index],
    )  # fmt: skip
    ledger.closing[index], ledger.minimum[index] = closing, minimum
    ledger.statement[index], ledger.due[index] = day, day + DAYS_TO_PAY
    for column in (ledger.purchases, ledger.cash, ledger.refunds, ledger.charges, ledger.paid):
        column[index] = 0
    return closed


def opening_statements(ledger: Ledger, index: Index) -> Statements:
    """The last statements from before the bank's first day, as brought forward."""
    closing, nothing = ledger.closing[index].copy(), np.zeros(len(index), np.int64)
    return Statements(
        account=index, day=ledger.statement[index].astype(np.int64), due=ledger.due[index].astype(np.int64),
        opening=nothing, purchases=closing, cash=nothing, refunds=nothing, charges=nothing, paid=nothing,
        closing=closing, minimum=ledger.minimum[index].copy(), revolving=nothing, late_days=nothing,
    )  # fmt: skip


def plan_payments(people: People, accounts: Accounts, ledger: Ledger, usage: Usage, index: Index, day: int) -> None:
    """What each holder makes of the new statement: how much and when, or nothing."""
    rolls = accounts.rolls.at(index).on(day)
    closing, minimum = ledger.closing[index], ledger.minimum[index]
    part = np.maximum(minimum, (closing * ledger.part[index]).astype(np.int64))
    least = np.minimum(closing, (minimum * (1 + 0.1 * rolls.uniform("least"))).astype(np.int64))
    habit = np.where(usage.state[index] == ASLEEP, FULL, ledger.habit[index])
    amount = np.select([habit == FULL, habit == LEAST], [closing, least], part)
    careless = 1 - people.diligence[accounts.person[index]]
    auto = accounts.autopay[index]
    months_late = np.minimum((ledger.late_days(day)[index] + 29) // 30, len(_CURES) - 1)
    slip = np.where(auto, 0.2, 1.0) * (0.004 + 0.13 * careless**2)
    pays = np.where(months_late > 0, rolls.happens("cures", _CURES[months_late]), ~rolls.happens("misses", slip))
    on_due = day + DAYS_TO_PAY - np.where(auto, 0, rolls.below("pay day", 14))
    forgets = ~auto & rolls.happens("forgets", 0.03 * careless)
    when = np.where(forgets, day + DAYS_TO_PAY + 4 + rolls.below("forgotten days", 8), on_due)
    ledger.plan[index] = amount
    ledger.plan_day[index] = np.where(pays & (amount > 0), when, NEVER)


def charge_off(accounts: Accounts, ledger: Ledger, day: int) -> tuple[Entries, Index]:
    """Writes off what has been late for eight months and more, by and by; gives the movements and the accounts."""
    rolls = accounts.rolls.on(day)
    late = (ledger.late_days(day) > _LATE_FOR_CHARGE_OFF) & (accounts.status == BLOCKED)
    account = np.flatnonzero(late & rolls.happens("charge-off", _CHARGE_OFF_A_DAY))
    gone = charge(ledger, account, entries.CHARGE_OFF, -ledger.balance[account])
    ledger.past_due_since[account] = ledger.plan_day[account] = ledger.due[account] = NEVER
    return gone, account


def recoveries(accounts: Accounts, day: int) -> Entries:
    """Small sums that still come in on accounts charged off; they lie beside the balance, which stays zero."""
    rolls = accounts.rolls.on(day)
    account = np.flatnonzero((accounts.status == CHARGED_OFF) & rolls.happens("recovery", _RECOVERY_A_DAY))
    amount = 10_000 * (1 + rolls.at(account).below("recovered", 20))
    return entries.make(account, entries.RECOVERY, -amount)


def charge(ledger: Ledger, account: NDArray[np.integer], type_: int, amount: Ints) -> Entries:
    """Posts the bank's own movements, at most one of a type per account and day but for cash fees."""
    np.add.at(ledger.balance, account, amount)
    np.add.at(ledger.charges, account, amount)
    return entries.make(account, type_, amount)
