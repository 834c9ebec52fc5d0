"""What people do alone within thirty days is as stated for every offer: a bank that asks nobody anything."""

import numpy as np
import pytest

from zhike.sandbox import actions, eligibility, instalments, organic, usage
from zhike.sandbox.accounts import CLOSED_BY_CUSTOMER
from zhike.sandbox.actions import OFFERS
from zhike.sandbox.parameters import Parameters
from zhike.sandbox.world import World

PARAMETERS = Parameters(customers=12_000, months=3, seed=23)
BEFORE, HORIZON = 35, 30
PLANS = {actions.BILL_INSTALMENT: instalments.BILL, actions.PURCHASE_INSTALMENT: instalments.PURCHASE,
         actions.CASH_INSTALMENT: instalments.CASH}  # fmt: skip
# Offers for which the state of the day does not tell all: the next bill may be too small to be split.
ABOUT = dict.fromkeys(PLANS, 0.15)


class Seen:
    def __init__(self) -> None:
        self.world = world = World(PARAMETERS)
        self.day = PARAMETERS.first_day + BEFORE
        for day in range(PARAMETERS.first_day, self.day + 1):
            world.step(day)
        everybody = np.arange(len(world.people))
        self.target, self.stated = {}, {}
        for offer in range(len(OFFERS) - 1):
            column = np.full(len(everybody), offer)
            self.target[offer] = eligibility.targets(world, everybody, column, self.day)
            self.stated[offer] = organic.organic_probability(world, everybody, column, self.day, HORIZON)
        self.until = world.contact.until.copy()
        self.main = world.accounts.main.copy()
        self.active, self.raised = np.zeros((2, len(world.accounts)), bool)
        self.plans = np.zeros((3, len(world.accounts)), bool)
        for day in range(self.day + 1, self.day + HORIZON + 1):
            self._live(day)

    def _live(self, day: int) -> None:
        world, limit = self.world, self.world.accounts.limit.copy()
        for_a_while = world.contact.until[actions.TEMPORARY_LIMIT].copy()
        plans = world.step(day).plans
        self.active |= world.usage.state == usage.ACTIVE
        self.raised |= (world.accounts.limit > limit) & (world.contact.until[actions.TEMPORARY_LIMIT] == for_a_while)
        new = plans.at(plans.booked == day)
        self.plans[new.kind, new.account] = True

    def happened(self, offer: int, account: np.ndarray) -> np.ndarray:
        own, end = self.world.accounts, self.day + HORIZON
        if offer in PLANS:
            return self.plans[PLANS[offer], account]
        if offer in (actions.WAKE_UP, actions.RETENTION):
            return self.active[account]
        if offer == actions.FIRST_USE_GIFT:
            return own.cards.first_use[account] <= end
        if offer == actions.BINDING_GIFT:
            return own.cards.bound[self.main[account]] <= end
        if offer == actions.LIMIT_INCREASE:
            return self.raised[account]
        if offer == actions.ORDERLY_CLOSURE:
            return own.status[account] == CLOSED_BY_CUSTOMER
        return self.world.contact.until[offer, account] > self.until[offer, account]


@pytest.fixture(scope="module")
def seen() -> Seen:
    return Seen()


@pytest.mark.parametrize("offer", range(len(OFFERS) - 1), ids=OFFERS[:-1])
def test_what_people_do_alone_is_as_stated(seen, offer):
    meant = seen.target[offer] >= 0
    chance = seen.stated[offer][meant]
    assert (seen.stated[offer][~meant] == 0).all()
    happened = seen.happened(offer, seen.target[offer][meant]).sum()
    error = np.sqrt((chance * (1 - chance)).sum())
    print(f"{OFFERS[offer]:20} {meant.sum():6} could, {happened:4} did, {chance.sum():7.1f} stated, error {error:5.1f}")
    assert abs(happened - chance.sum()) <= 3 * error + ABOUT.get(offer, 0.0) * chance.sum()
