"""Shares and means of a bank of 5,000 people over ten months, beside DOMAIN section 5. Printed with ``pytest -s``."""

from datetime import date, timedelta

import numpy as np
import pytest

from zhike.sandbox import entries, usage
from zhike.sandbox.accounts import BLOCKED
from zhike.sandbox.calendar import NEVER, number
from zhike.sandbox.parameters import Parameters
from zhike.sandbox.world import Today, World

PARAMETERS = Parameters(customers=5_000, months=10, seed=3)
NOVEMBER_11 = date(2026, 11, 11)


class Seen:
    """What passed while the world lived: counts by day, and the last statement of every account."""

    def __init__(self) -> None:
        self.world = World(PARAMETERS)
        self.by_day: dict[int, int] = {}
        self.online = self.purchases = self.declined = self.abroad = self.spent = 0
        self.payments: list[tuple[int, int]] = []
        self.revolving = self.closing = 0
        for day in range(PARAMETERS.first_day, PARAMETERS.last_day + 1):
            self._note(self.world.step(day))

    def _note(self, today: Today) -> None:
        now = today.entries.at(today.entries.ago == 0)
        bought = now.type == entries.PURCHASE
        posted = bought & (now.response == entries.APPROVED)
        self.by_day[today.day] = int(posted.sum())
        self.purchases += int(posted.sum())
        self.spent += int(now.amount[posted].sum())
        self.declined += int((bought & ~posted).sum())
        self.online += int((posted & (now.channel == entries.ONLINE)).sum())
        self.abroad += int((posted & (now.country >= 0)).sum())
        for closed in today.statements:
            self.revolving += int(closed.revolving.sum())
            self.closing += int(np.maximum(closed.closing, 0).sum())


@pytest.fixture(scope="module")
def seen() -> Seen:
    return Seen()


def _within(name: str, value: float, low: float, high: float) -> None:
    print(f"{name:36} {value:10.3f}   {low} … {high}")
    assert low <= value <= high, name


def test_cards_and_their_use(seen):
    own, state, day = seen.world.accounts, seen.world.usage, PARAMETERS.last_day
    valid = (own.opened <= day) & (own.status <= BLOCKED)
    cards = own.cards
    held = (cards.issued <= day) & (cards.closed == NEVER)
    silent = np.where(state.last == NEVER, own.opened, state.last) < number(date(2025, 4, 30))
    active = (state.last != NEVER) & (state.last > day - 90)
    _within("mean limit per card, yuan", own.limit[valid].sum() / 100 / held.sum(), 24_000, 32_000)
    _within("accounts of cards with two holders", (own.supplementary >= 0).mean(), 0.03, 0.12)
    dormant = silent & (seen.world.ledger.balance == 0)
    _within("dormant 18 months, share of valid", dormant[valid].mean(), 0.13, 0.20)
    _within("active in 90 days, share of valid", active[valid].mean(), 0.65, 0.80)
    _within("utilisation", seen.world.ledger.balance[valid].sum() / own.limit[valid].sum(), 0.20, 0.42)
    _within("never used, share of valid", (state.state == usage.WAITING)[valid].mean(), 0.05, 0.18)


def test_first_steps_of_cards(seen):
    cards, first, last = seen.world.accounts.cards, PARAMETERS.first_day, PARAMETERS.last_day
    issued = (cards.issued >= first - 700) & (cards.issued <= last - 90)

    def within_90(column: np.ndarray) -> float:
        return float((column[issued].astype(int) - cards.issued[issued] <= 90).mean())

    _within("activated within 90 days", within_90(cards.activated), 0.85, 0.96)
    _within("bound to a wallet within 90 days", within_90(cards.bound), 0.55, 0.80)
    _within("used within 90 days", within_90(cards.first_use), 0.75, 0.92)


def test_spending(seen):
    months = PARAMETERS.months
    active = np.isin(seen.world.usage.state, (usage.ACTIVE, usage.SLIPPING)).sum()
    _within("purchases a month, active account", seen.purchases / months / active, 12, 28)
    _within("spend a month, active account, yuan", seen.spent / 100 / months / active, 3_000, 6_500)
    _within("online share of purchases", seen.online / seen.purchases, 0.35, 0.50)
    _within("abroad share of purchases", seen.abroad / seen.purchases, 0.001, 0.012)
    _within("declined share of attempts", seen.declined / (seen.purchases + seen.declined), 0.01, 0.035)


def test_seasons(seen):
    def around(day: date, days: int = 1) -> float:
        return float(np.mean([seen.by_day[number(day + timedelta(days=d))] for d in range(days)]))

    plain = around(date(2026, 4, 13), 28)
    _within("618 beside plain days", around(date(2026, 6, 18)) / plain, 1.15, 1.9)
    _within("week before Spring Festival", around(date(2026, 2, 9), 7) / plain, 1.1, 1.6)
    _within("Spring Festival week", around(date(2026, 2, 17), 7) / plain, 0.6, 0.95)
    _within("National Day week", around(date(2026, 10, 1), 7) / plain, 1.0, 1.5)


def test_paying(seen):
    book, day = seen.world.ledger, PARAMETERS.last_day
    owed, late = np.maximum(book.balance, 0), book.late_days(day)
    _within("interest-bearing share of statements", seen.revolving / seen.closing, 0.3, 0.65)
    _within("late 1-29 days, share of balances", owed[(late > 0) & (late < 30)].sum() / owed.sum(), 0.005, 0.04)
    _within("late over 90 days, share of balances", owed[late > 90].sum() / owed.sum(), 0.002, 0.025)
    assert set(np.unique(book.habit)) == {0, 1, 2}


def test_double_eleven():
    world = World(Parameters(customers=1_500, months=1, seed=4, end=date(2026, 11, 30)))
    by_day = {}
    for day in range(world.parameters.first_day, world.parameters.last_day + 1):
        today = world.step(day).entries
        bought = (today.type == entries.PURCHASE) & (today.ago == 0)
        by_day[day] = int((bought & (today.channel == entries.ONLINE)).sum())
    plain = np.mean([count for day, count in by_day.items() if day > number(NOVEMBER_11) + 2])
    _within("online purchases on Double 11", by_day[number(NOVEMBER_11)] / plain, 2.0, 4.5)
    assert max(by_day, key=by_day.get) == number(NOVEMBER_11)
