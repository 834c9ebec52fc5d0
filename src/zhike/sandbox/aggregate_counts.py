"""The parts and wholes of the aggregates that are read from a block's state or from a day's statements."""

import numpy as np

from zhike.sandbox import dialogue, entries, ledger, usage
from zhike.sandbox.accounts import BLOCKED
from zhike.sandbox.billing import GRACE_CENTS
from zhike.sandbox.calendar import NEVER
from zhike.sandbox.groups import GROUPS
from zhike.sandbox.instalments import BILL, CASH, RUNNING
from zhike.sandbox.prices import annual_rate
from zhike.sandbox.world import Today, World

Pairs = dict[str, tuple[float, float]]

_MONTHS = ((1, 30), (3, 92), (6, 183), (12, 365))
_DORMANT_DAYS = 548
_LEAST_BILL = 50_000
_YEAR, _MONTH = 365.0, 30.4


def people_of(world: World) -> Pairs:
    """Who the people are."""
    own = world.people
    shares = np.bincount(own.group, minlength=len(GROUPS))
    found: Pairs = {f"group_{group.name}": (shares[place], len(own)) for place, group in enumerate(GROUPS)}
    found["women"] = (own.female.sum(), len(own))
    return found


def cards_and_use(world: World, day: int) -> Pairs:
    """Limits of cards, and how many are in use."""
    own, cards, state = world.accounts, world.accounts.cards, world.usage
    valid = (own.opened <= day) & (own.status <= BLOCKED)
    held = (cards.issued <= day) & (cards.closed == NEVER) & valid[cards.account]
    silent = np.where(state.last == NEVER, own.opened, state.last) < day - _DORMANT_DAYS
    dormant = valid & silent & (world.ledger.balance == 0)
    used = {
        f"active_{months}m": ((valid & (state.last != NEVER) & (state.last > day - days)).sum(), valid.sum())
        for months, days in _MONTHS
    }
    bound = (cards.bound <= day) & held
    return {
        "limit_per_card": (own.limit[valid].sum() / 100, held.sum()),
        "dormant_share": (dormant.sum(), valid.sum()), **used,
        "never_used_share": ((valid & (state.state == usage.WAITING)).sum(), valid.sum()),
        "bound_share": (bound.sum(), (held & (cards.activated <= day)).sum()),
    }  # fmt: skip


def money_owed(world: World, day: int) -> Pairs:
    """What is owed, and how late."""
    own, book, cards = world.accounts, world.ledger, world.accounts.cards
    valid = (own.opened <= day) & (own.status <= BLOCKED)
    held = (cards.issued <= day) & (cards.closed == NEVER) & valid[cards.account]
    owed, late = np.where(valid, np.maximum(book.balance, 0), 0), book.late_days(day)
    total = owed.sum()

    def between(low: int, high: int) -> tuple[float, float]:
        return float(owed[(late >= low) & (late < high)].sum()), float(total)

    return {
        "utilisation": (total, own.limit[valid].sum()), "owed_per_card": (total / 100, held.sum()),
        "m1_rate": between(1, 30), "m2_rate": between(30, 60), "m3_rate": between(60, 90),
        "non_performing_share": between(91, 10**6), "over_6_months_share": between(181, 10**6),
        "instalment_penetration": (book.unbilled[valid].sum(), total),
    }  # fmt: skip


def first_steps(world: World, day: int) -> Pairs:
    """Cards issued in the two years that ended three months ago: how soon they were activated, bound and used."""
    cards = world.accounts.cards
    cohort = (cards.issued > day - 820) & (cards.issued <= day - 90)
    activated = cohort & (cards.activated <= day)
    found: Pairs = {}
    for days in (30, 60, 90):
        for name, column, start, among in (
            ("activated", cards.activated, cards.issued, cohort), ("first_used", cards.first_use, cards.issued, cohort),
            ("bound", cards.bound, cards.activated, activated),
        ):  # fmt: skip
            soon = column.astype(np.int64) - start <= days
            found[f"{name}_{days}d"] = ((soon & among).sum(), among.sum())
    return found


def payments(world: World, today: Today) -> Pairs:
    """Statements of the day: least payments, interest-bearing parts, and the price of what bears interest."""
    found: dict[str, list[float]] = {}
    for closed in () if today.first else today.statements:
        due = closed.closing - closed.unbilled
        plain = (closed.unbilled == 0) & (closed.late_days == 0) & (due >= _LEAST_BILL)
        called = np.isin(closed.account, today.entries.account[today.entries.type == entries.INSTALMENT_INTEREST])
        plain &= ~called
        earning = (closed.revolving > 0) & (closed.late_days <= 90)
        charged = np.zeros(len(world.accounts))
        interest = today.entries.at(today.entries.type == entries.INTEREST)
        np.add.at(charged, interest.account, interest.amount)
        base = closed.revolving + closed.paid // 2
        some = due > GRACE_CENTS
        for name, part, whole in (
            ("minimum_share", closed.minimum[plain].sum(), due[plain].sum()),
            ("days_to_pay", (closed.due - closed.day).sum(), len(closed)),
            ("revolving_share", closed.revolving.sum(), np.maximum(closed.closing, 0).sum()),
            ("interest_a_year", charged[closed.account[earning]].sum() * _YEAR / _MONTH, base[earning].sum()),
            ("minimum_payers", (world.ledger.habit[closed.account[some]] == ledger.LEAST).sum(), some.sum()),
        ):  # fmt: skip
            before = found.setdefault(name, [0.0, 0.0])
            before[0] += float(part)
            before[1] += float(whole)
    fee = today.entries.account[today.entries.type == entries.LATE_FEE]
    found["days_of_grace"] = [float((today.day - world.ledger.due[fee].astype(np.int64)).sum()), float(len(fee))]
    return {name: (part, whole) for name, (part, whole) in found.items()}


def complaints(world: World, today: Today) -> Pairs:
    """Complaints received, per million accounts and year."""
    received = (today.complaints.step == dialogue.RECEIVED).sum()
    accounts = ((world.accounts.opened <= today.day) & (world.accounts.status <= BLOCKED)).sum()
    return {"complaints_per_million": (float(received) * _YEAR * 1e6, float(accounts))}


def plans_booked(today: Today) -> Pairs:
    """What the plans of twelve months cost a year."""
    told = today.plans
    found: Pairs = {}
    for name, kind in (("bill_plan_12m_a_year", BILL), ("cash_plan_12m_a_year", CASH)):
        new = told.at((told.kind == kind) & (told.term == 12) & (told.state == RUNNING) & (told.billed == 0))
        rates = [annual_rate(rate, 12) for rate in np.round(new.interest / np.maximum(new.principal, 1), 5)]
        found[name] = (float(np.sum(rates)), len(new))
    return found
