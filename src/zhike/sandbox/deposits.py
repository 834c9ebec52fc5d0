"""Deposit accounts in core banking: salaries, transfers, cash, mortgages, card repayments, interest."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox import branches, calendar
from zhike.sandbox.calendar import PAY_DAYS
from zhike.sandbox.dice import Dice, Rolls
from zhike.sandbox.groups import GROUPS
from zhike.sandbox.parameters import Parameters
from zhike.sandbox.people import People

Ints = NDArray[np.int64]
Days = NDArray[np.int32]

KINDS = ("10", "20", "21", "30", "40", "50", "90")
SALARY, MONEY_IN, MONEY_OUT, CASH, CARD_REPAYMENT, MORTGAGE, INTEREST = range(7)
CHANNELS = ("A", "B", "C", "T")
_CHANNEL_OF = np.array([3, 0, 0, 2, 0, 3, 3])
MEMOS = (
    "工资", "养老金", "取现", "信用卡还款", "按揭还款", "结息", '备注"生日红包"', "转账", "货款", "房租", "还款",
    "学费,书本费", "生活费",
)  # fmt: skip
PAY, PENSION, FOR_CASH, FOR_CARD, FOR_HOUSE, FOR_INTEREST, WITH_QUOTES, FIRST_OF_TRANSFERS = range(8)
_WITH_QUOTES = 0.0005
_NEW_A_MONTH = 0.009
_OLDEST_DAYS = 12 * 365
_MORTGAGE_DAY = 20
_BUSINESS = next(position for position, group in enumerate(GROUPS) if group.name == "small_business")
_RETIRED = 9
# Chances a month: salary comes to another bank or to this one, pay is raised; a house is bought, a mortgage paid off.
_PAID_ELSEWHERE, _PAID_HERE, _RAISED = 0.006, 0.007, 0.04
_BUYS_HOUSE, _PAYS_OFF, _BUYS_FROM = 0.0008, 0.006, 6_000_000


@dataclass
class Deposits:
    """Deposit accounts: the demand accounts first, one per core customer, then time deposits. Balances in fen."""

    rolls: Rolls
    serial: Ints  # in the whole bank: person number × 2, and one more for a time deposit
    person: NDArray[np.int32]
    time: NDArray[np.bool_]
    opened: Days
    branch: NDArray[np.int32]
    balance: Ints
    account_of: NDArray[np.int32]  # demand account of a person, or -1
    salary: Ints  # a month, 0 for those paid elsewhere
    pay_day: NDArray[np.int32]
    mortgage: Ints  # a month, 0 for none

    def __len__(self) -> int:
        return len(self.person)


@dataclass(frozen=True)
class Movements:
    """Movements of one day on deposit accounts; ``amount`` in fen, positive for money in."""

    account: Ints
    kind: Ints
    second: Ints
    amount: Ints
    channel: Ints
    memo: Ints

    def __len__(self) -> int:
        return len(self.account)


def make(parameters: Parameters, people: People, dice: Dice) -> Deposits:
    """All deposit accounts that will be opened until the last day."""
    holder = np.flatnonzero(people.in_core)
    own = people.rolls.at(holder)
    has_time = own.happens("time deposit", 0.10 + 0.25 * people.diligence[holder])
    person = np.concatenate([holder, holder[has_time]]).astype(np.int32)
    time = np.arange(len(person)) >= len(holder)
    serial = people.number[person] * 2 + time
    rolls = dice.rolls("deposit", serial)
    opened = _opened(parameters, people, person, time, rolls)
    income = people.income[person]
    here = people.rolls.at(person).happens("salary here", 0.5) & ~time
    house = people.rolls.at(person).happens("mortgage", 0.12) & ~time & (people.group[person] != 3)
    wealth = np.exp(1.1 * rolls.normal("wealth")) * np.where(time, 0.5, 0.18)
    account_of = np.full(len(people), -1, np.int32)
    account_of[holder] = np.arange(len(holder))
    return Deposits(
        rolls=rolls, serial=serial, person=person, time=time, opened=opened,
        branch=branches.home(people.city[person], people.rolls.at(person)),
        balance=np.select([opened < parameters.first_day, time], [income * wealth, income * 0.3], 0).astype(np.int64),
        account_of=account_of, salary=np.where(here, income // 12, 0),
        pay_day=np.array(PAY_DAYS, np.int32)[people.rolls.at(person).below("pay day", len(PAY_DAYS))],
        mortgage=np.where(house, income // 40, 0),
    )  # fmt: skip


def _opened(
    parameters: Parameters, people: People, person: NDArray[np.int32], time: NDArray[np.bool_], rolls: Rolls
) -> Days:
    own = people.rolls.at(person)
    new = own.uniform("joins core late") < _NEW_A_MONTH * parameters.months
    window = parameters.last_day - parameters.first_day + 1
    past = parameters.first_day - 20 - (_OLDEST_DAYS * own.uniform("core tenure")).astype(np.int64)
    past = np.maximum(past, people.birth[person] + 16 * 366)
    day = np.where(new, parameters.first_day + own.below("core joining day", window), past)
    later = day + ((parameters.last_day - day) * rolls.uniform("time deposit opened")).astype(np.int64)
    return np.where(time, later, day).astype(np.int32)


def day_of_movements(
    deposits: Deposits, people: People, day: int, payer: NDArray[np.integer], repaid: Ints,
    received: tuple[Ints, Ints],
) -> Movements:  # fmt: skip
    """Everything that moves on a day, money in before money out; nobody is overdrawn.

    ``payer`` and ``repaid``: people who pay a credit card today, and how much (fen); ``received``: people to whom
    others send money today for reasons of their own, and how much.
    """
    today = calendar.day_of(day)
    rolls = deposits.rolls.on(day)
    if today.day == 1:
        month_passes(deposits, people, rolls)
    open_demand = (deposits.opened <= day) & ~deposits.time
    business = people.group[deposits.person] == _BUSINESS
    parts = [_salaries(deposits, people, rolls, open_demand & (deposits.pay_day == today.day))]
    income = people.income[deposits.person]
    comes = open_demand & rolls.happens("money in", np.where(business, 0.14, 0.018))
    amount = np.round(income / 12 * 0.5 * np.exp(0.8 * rolls.normal("money in")), -3).astype(np.int64)
    parts.append(_transfers(deposits, rolls, np.flatnonzero(comes), MONEY_IN, amount))
    parts.append(_received(deposits, rolls, open_demand, *received))
    goes = open_demand & rolls.happens("money out", np.where(business, 0.12, 0.05))
    amount = np.round(deposits.balance * 0.6 * rolls.uniform("money out amount") ** 2, -2).astype(np.int64)
    parts.append(_transfers(deposits, rolls, np.flatnonzero(goes), MONEY_OUT, -amount))
    draws = open_demand & rolls.happens("cash", 0.008)
    amount = (1 + rolls.below("cash amount", 30)) * 10_000
    parts.append(_move(deposits, rolls, np.flatnonzero(draws), CASH, -amount[draws], memo=FOR_CASH))
    account = deposits.account_of[payer]
    mine = (account >= 0) & deposits.rolls.at(np.maximum(account, 0)).on(day).happens("pays from here", 0.7)
    parts.append(_move(deposits, rolls, account[mine].astype(np.int64), CARD_REPAYMENT, -repaid[mine], memo=FOR_CARD))
    owes = np.flatnonzero(open_demand & (deposits.mortgage > 0) & (today.day == _MORTGAGE_DAY))
    parts.append(_move(deposits, rolls, owes, MORTGAGE, -deposits.mortgage[owes], memo=FOR_HOUSE))
    if today.month % 3 == 0 and today.day == 21:
        earns = np.flatnonzero((deposits.opened <= day) & (deposits.balance > 100_000))
        rate = np.where(deposits.time[earns], 0.016, 0.001) / 4
        earned = (deposits.balance[earns] * rate).astype(np.int64)
        parts.append(_move(deposits, rolls, earns, INTEREST, earned, memo=FOR_INTEREST))
    whole = Movements(*(np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(Movements)))
    order = np.argsort(whole.second, kind="stable")
    return Movements(*(getattr(whole, each.name)[order] for each in fields(Movements)))


def month_passes(deposits: Deposits, people: People, rolls: Rolls) -> None:
    """Jobs are changed and houses bought: salaries and mortgages start, grow and stop."""
    income, held = people.income[deposits.person], ~deposits.time
    paid, owes = deposits.salary > 0, deposits.mortgage > 0
    retired = people.occupation[deposits.person] == _RETIRED
    leaves = paid & ~retired & rolls.happens("paid elsewhere", _PAID_ELSEWHERE)
    comes = held & ~paid & rolls.happens("paid here", _PAID_HERE)
    raised = paid & ~leaves & rolls.happens("pay raise", _RAISED)
    grown = (deposits.salary * (1.02 + 0.08 * rolls.uniform("raise of pay"))).astype(np.int64)
    deposits.salary[:] = np.select([leaves, comes, raised], [0, income // 12, grown], deposits.salary)
    ends = owes & rolls.happens("mortgage paid off", _PAYS_OFF)
    buys = held & ~owes & (income > _BUYS_FROM) & rolls.happens("buys a house", _BUYS_HOUSE)
    deposits.mortgage[:] = np.select([ends, buys], [0, income // 40], deposits.mortgage)


def _salaries(deposits: Deposits, people: People, rolls: Rolls, paid: NDArray[np.bool_]) -> Movements:
    account = np.flatnonzero(paid & (deposits.salary > 0))
    amount = (deposits.salary[account] * (0.97 + 0.06 * rolls.at(account).uniform("salary"))).astype(np.int64)
    retired = people.occupation[deposits.person[account]] == _RETIRED
    return _move(deposits, rolls, account, SALARY, amount, memo=np.where(retired, PENSION, PAY))


def _received(deposits: Deposits, rolls: Rolls, open_demand: NDArray[np.bool_], person: Ints, sums: Ints) -> Movements:
    account, place = np.unique(deposits.account_of[person], return_inverse=True)
    whole = np.zeros(len(account), np.int64)
    np.add.at(whole, place, sums)
    here = (account >= 0) & open_demand[account]
    amount = np.zeros(len(deposits), np.int64)
    amount[account[here]] = whole[here]
    return _transfers(deposits, rolls.on(1), account[here].astype(np.int64), MONEY_IN, amount)


def _transfers(deposits: Deposits, rolls: Rolls, account: Ints, kind: int, amount: Ints) -> Movements:
    own = rolls.at(account)
    memo = FIRST_OF_TRANSFERS + own.below(f"memo {kind}", len(MEMOS) - FIRST_OF_TRANSFERS)
    memo = np.where(own.happens(f"quotes {kind}", _WITH_QUOTES), WITH_QUOTES, memo)
    return _move(deposits, rolls, account, kind, amount[account], memo)


def _move(deposits: Deposits, rolls: Rolls, account: Ints, kind: int, amount: Ints, memo: int | Ints) -> Movements:
    """Posts what the balances bear; what they do not is not tried."""
    memos = np.broadcast_to(np.asarray(memo, np.int64), account.shape)
    before = np.zeros(len(deposits), np.int64)
    np.add.at(before, account, amount)
    possible = (amount != 0) & ((deposits.balance + before)[account] >= 0)
    account, amount, memos = account[possible], amount[possible], memos[possible]
    np.add.at(deposits.balance, account, amount)
    early = kind in (SALARY, MORTGAGE, INTEREST)
    start, span = (3600, 6 * 3600) if early else (8 * 3600, 14 * 3600)
    return Movements(
        account=account, kind=np.full(len(account), kind),
        second=start + rolls.at(account).below(f"second {kind}", span), amount=amount,
        channel=np.full(len(account), _CHANNEL_OF[kind]), memo=memos.astype(np.int64),
    )  # fmt: skip
