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
from zhike.sandbox.prices import MONTH_DAYS, Prices
from zhike.sandbox.products import PRODUCTS
from zhike.sandbox.usage import ASLEEP, Usage

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Index = NDArray[np.intp]

GRACE_DAYS, GRACE_CENTS = 3, 1_000
_LEAST_MINIMUM = 5_000
_SLIP, _CARELESS_SLIP = 0.004, 0.13
LATE_FOR_BLOCK, _NON_PERFORMING = 30, 90
# Chance that an account past due pays at all before the next due day, by months past due.
CURES = np.array([1.0, 0.72, 0.46, 0.22, 0.11, 0.06, 0.05, 0.04])
_LATE_FOR_CHARGE_OFF, _CHARGE_OFF_A_DAY, _RECOVERY_A_DAY = 240, 0.0041, 0.0012
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
    unbilled: Ints
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


def missed_due_days(accounts: Accounts, ledger: Ledger, day: int, prices: Prices) -> Entries:
    """Three days after the due day: whoever is short of the minimum by more than ten yuan is late from then on."""
    live = (accounts.status == OPEN) | (accounts.status == BLOCKED)
    account = np.flatnonzero((ledger.due == day - GRACE_DAYS) & live)
    short = ledger.minimum[account] - ledger.paid[account]
    account, short = account[short > GRACE_CENTS], short[short > GRACE_CENTS]
    fresh = ledger.past_due_since[account] == NEVER
    ledger.past_due_since[account[fresh]] = ledger.due[account[fresh]]
    earning = _earning(ledger, account, day)
    account, short = account[earning], short[earning]
    fee = np.maximum(np.round(short * prices.late_fee_share).astype(np.int64), prices.least_late_fee)
    return charge(ledger, account, entries.LATE_FEE, fee)


def cash_fees(ledger: Ledger, today: Entries, prices: Prices) -> Entries:
    """The fee of each cash advance that was granted today."""
    cash = today.at((today.type == entries.CASH) & (today.response == entries.APPROVED))
    fee = np.maximum(np.round(cash.amount * prices.cash_fee_share).astype(np.int64), prices.least_cash_fee)
    return charge(ledger, cash.account, entries.CASH_FEE, fee)


def interest(
    accounts: Accounts, ledger: Ledger, index: Index, day: int, prices: Prices, share: Floats | None = None
) -> Entries:
    """Interest for who did not pay the last statement whole: on the part left open, and half on the part paid.

    ``share`` tells of all accounts which part of the usual rate they are charged.
    """
    carried = ledger.due_in_full[index] - ledger.paid[index]
    bears = (carried > GRACE_CENTS) & (accounts.status[index] != CHARGED_OFF) & _earning(ledger, index, day)
    base = carried + ledger.paid[index] // 2
    rate = prices.interest_a_day * (1.0 if share is None else share[index])
    amount = np.round(base * rate * MONTH_DAYS).astype(np.int64)
    return charge(ledger, index[bears], entries.INTEREST, amount[bears])


def _earning(ledger: Ledger, account: NDArray[np.integer], day: int) -> NDArray[np.bool_]:
    """Whether interest and late fees are still charged: not on what is non-performing."""
    return ledger.late_days(day)[account] <= _NON_PERFORMING


def annual_fees(
    accounts: Accounts,
    ledger: Ledger,
    usage: Usage,
    index: Index,
    day: int,
    prices: Prices,
    let_off: Bools | None = None,
) -> list[Entries]:
    """Once a year in the month of opening, for cards that cost one; half of the holders are let off when they ask.

    ``let_off`` tells of all accounts who is let off in any case.
    """
    month = np.asarray(accounts.opened[index], "datetime64[D]").astype("datetime64[M]").astype(int) % 12 + 1
    fee = np.array([product.annual_fee for product in PRODUCTS])[accounts.product[index]] * 100
    fee = np.round(fee * prices.annual_fees).astype(np.int64)
    older = day - accounts.opened[index] > 300
    pays = (fee > 0) & older & (month == day_of(day).month) & (accounts.status[index] == OPEN)
    pays &= usage.state[index] != ASLEEP
    account, fee = index[pays], fee[pays]
    waived = accounts.rolls.at(account).on(day).happens("fee waived", prices.annual_fee_waived)
    if let_off is not None:
        waived |= let_off[account]
    charged = charge(ledger, account, entries.ANNUAL_FEE, fee)
    return [charged, charge(ledger, account[waived], entries.WAIVER, -fee[waived])]


def close_statements(ledger: Ledger, index: Index, day: int) -> Statements:
    """Closes the cycle of these accounts and starts the next one; silent accounts get no statement."""
    before, paid = ledger.closing[index], ledger.paid[index]
    moved = (ledger.purchases[index] != 0) | (paid != 0) | (ledger.charges[index] != 0) | (ledger.cash[index] != 0)
    index = index[moved | (before != 0) | (ledger.refunds[index] != 0)]
    closing, opening, paid = ledger.balance[index], ledger.closing[index], ledger.paid[index].copy()
    unbilled, carried = ledger.unbilled[index].copy(), ledger.due_in_full[index] - paid
    due, minimum = _asked_for(ledger, index, closing - unbilled)
    closed = Statements(
        account=index, day=np.full(len(index), day), due=np.full(len(index), day + DAYS_TO_PAY),
        opening=opening.copy(), purchases=ledger.purchases[index], cash=ledger.cash[index],
        refunds=ledger.refunds[index], charges=ledger.charges[index],
        paid=paid, closing=closing.copy(), unbilled=unbilled, minimum=minimum,
        revolving=np.clip(np.where(carried > GRACE_CENTS, carried, 0), 0, np.maximum(due, 0)),
        late_days=ledger.late_days(day)[index],
    )  # fmt: skip
    ledger.closing[index], ledger.minimum[index], ledger.due_in_full[index] = closing, minimum, due
    ledger.statement[index], ledger.due[index] = day, day + DAYS_TO_PAY
    free = ledger.purchases[index] - ledger.refunds[index] - ledger.split[index]
    ledger.splittable[index] = np.clip(free, 0, np.maximum(due, 0))
    for name in ("purchases", "cash", "refunds", "charges", "paid", "split", "called"):
        getattr(ledger, name)[index] = 0
    return closed


def _asked_for(ledger: Ledger, index: Index, due: Ints) -> tuple[Ints, Ints]:
    """What pays the new statement whole, and the least: a tenth, what plans call in, and what was not paid before."""
    late = ledger.past_due_since[index] != NEVER
    unpaid = np.where(late, np.maximum(ledger.minimum[index] - ledger.paid[index], 0), 0)
    firm = unpaid + ledger.called[index]
    tenth = np.maximum((due - firm) // 10, _LEAST_MINIMUM)
    return due, np.clip(tenth + firm, 0, np.maximum(due, 0))


def opening_statements(ledger: Ledger, index: Index) -> Statements:
    """The last statements from before the bank's first day, as brought forward."""
    closing, nothing = ledger.closing[index].copy(), np.zeros(len(index), np.int64)
    return Statements(
        account=index, day=ledger.statement[index].astype(np.int64), due=ledger.due[index].astype(np.int64),
        opening=nothing, purchases=closing, cash=nothing, refunds=nothing, charges=nothing, paid=nothing,
        closing=closing, unbilled=ledger.unbilled[index].copy(), minimum=ledger.minimum[index].copy(),
        revolving=nothing, late_days=_late_on(ledger, index),
    )  # fmt: skip


def wish(ledger: Ledger, index: NDArray[np.integer], least: Ints) -> Ints:
    """What these holders would pay of the last statement by habit; ``least`` is what payers of the minimum pay."""
    due, habit = ledger.due_in_full[index], ledger.habit[index]
    part = np.maximum(ledger.minimum[index], (due * ledger.part[index]).astype(np.int64))
    return np.select([habit == FULL, habit == LEAST], [due, least], part)


def miss_chance(people: People, accounts: Accounts, index: NDArray[np.integer]) -> NDArray[np.float64]:
    """Chance that a statement is not paid at all: the careless, and those near to falling behind."""
    person = accounts.person[index]
    careless = 1 - people.diligence[person]
    usual = _SLIP + _CARELESS_SLIP * careless**2
    return np.where(accounts.autopay[index], 0.2, 1.0) * usual * (0.35 + 1.6 * people.risk[person])


def cure(months_late: Ints) -> NDArray[np.float64]:
    """Chance that an account so many months behind pays before the next due day."""
    return CURES[np.minimum(months_late, len(CURES) - 1)]


def left_after(months: int) -> float:
    """Of those who fell behind, the part that is still behind so many months later."""
    kept = float(np.prod(1 - cure(np.arange(1, months + 1))))
    written_off = max(0.0, MONTH_DAYS * months - _LATE_FOR_CHARGE_OFF) * _CHARGE_OFF_A_DAY
    return kept * float(np.exp(-written_off))


def _late_on(ledger: Ledger, index: Index) -> Ints:
    """Days past due on the day of the last statement."""
    since, day = ledger.past_due_since[index], ledger.statement[index].astype(np.int64)
    return np.where(since == NEVER, 0, np.maximum(day - since, 0))


def plan_payments(people: People, accounts: Accounts, ledger: Ledger, usage: Usage, index: Index, day: int) -> None:
    """What each holder makes of the new statement: how much and when, or nothing."""
    rolls = accounts.rolls.at(index).on(day)
    due, minimum = ledger.due_in_full[index], ledger.minimum[index]
    least = np.minimum(due, (minimum * (1 + 0.1 * rolls.uniform("least"))).astype(np.int64))
    amount = np.where(usage.state[index] == ASLEEP, due, wish(ledger, index, least))
    careless = 1 - people.diligence[accounts.person[index]]
    auto = accounts.autopay[index]
    months_late = (ledger.late_days(day)[index] + 29) // 30
    misses = rolls.happens("misses", miss_chance(people, accounts, index))
    pays = np.where(months_late > 0, rolls.happens("cures", cure(months_late)), ~misses)
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
