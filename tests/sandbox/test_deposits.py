"""Salaries and mortgages start and stop; cash plans reach the deposit account."""

import numpy as np
import pytest

from zhike.sandbox import deposits, entries
from zhike.sandbox.parameters import Parameters
from zhike.sandbox.world import World


@pytest.fixture(scope="module")
def year():
    world = World(Parameters(customers=3_000, months=12, seed=15))
    salaries, mortgages, cash, came = [], [], [], []
    for day in range(world.parameters.first_day, world.parameters.last_day + 1):
        today = world.step(day)
        plans = today.entries.at(today.entries.type == entries.CASH_PLAN)
        cash += list(zip(world.accounts.person[plans.account].tolist(), plans.amount.tolist(), strict=True))
        moved = today.deposits
        inward = (moved.kind == deposits.MONEY_IN) & (moved.amount > 0)
        came += list(
            zip(world.deposits.person[moved.account[inward]].tolist(), moved.amount[inward].tolist(), strict=True)
        )
        salaries.append(world.deposits.salary > 0)
        mortgages.append(world.deposits.mortgage > 0)
    return world, np.array(salaries), np.array(mortgages), cash, set(came)


def test_jobs_change_and_houses_are_bought_and_paid_off(year):
    _, salaries, mortgages, _, _ = year
    for held in (salaries, mortgages):
        steps = np.diff(held.astype(int), axis=0)
        assert (steps == 1).sum() > 3
        assert (steps == -1).sum() > 3
        assert held[-1].mean() == pytest.approx(held[0].mean(), rel=0.25)
    share = (np.diff(salaries.astype(int), axis=0) == -1).any(axis=0)[salaries[0]].mean()
    assert 0.03 < share < 0.12


def test_cash_plans_arrive_on_the_deposit_account(year):
    world, _, _, cash, came = year
    here = [(person, amount) for person, amount in cash if world.deposits.account_of[person] >= 0]
    assert len(here) > 20
    assert sum(pair in came for pair in here) > 0.8 * len(here)


def test_nobody_is_overdrawn(year):
    assert (year[0].deposits.balance >= 0).all()
