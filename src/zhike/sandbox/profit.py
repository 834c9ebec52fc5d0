"""The profit of every person, counted day by day: what the bank earns with them less what they cost it.

Amounts in fen, positive for the bank. A balance counts as funded for each day at whose end it stands. What is counted
is kept as running sums, so that the profit of any stretch of days is a difference of two of them.
"""

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox import actions, dialogue, entries, points
from zhike.sandbox.accounts import BLOCKED
from zhike.sandbox.columns import among
from zhike.sandbox.costing import FREE_MCC, ORDINARY, REDUCED_MCC, Costing
from zhike.sandbox.entries import Entries
from zhike.sandbox.points import Moved
from zhike.sandbox.products import PRODUCTS
from zhike.sandbox.usage import ACTIVE, SLIPPING
from zhike.sandbox.world import Today, World

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

COMPONENTS = (
    "interchange", "interest", "instalment_interest", "fees", "funding", "impairment", "fraud", "points", "benefits",
    "incentives", "service", "channel",
)  # fmt: skip
(INTERCHANGE, INTEREST, INSTALMENT_INTEREST, FEES, FUNDING, IMPAIRMENT, FRAUD, POINTS, BENEFITS, INCENTIVES,
 SERVICE, CHANNEL) = range(12)  # fmt: skip

_INCOME = {
    entries.INTEREST: INTEREST, entries.INSTALMENT_INTEREST: INSTALMENT_INTEREST,
    entries.LATE_FEE: FEES, entries.CASH_FEE: FEES, entries.ANNUAL_FEE: FEES,
    entries.WAIVER: FEES, entries.CHARGE_OFF: IMPAIRMENT,
}  # fmt: skip
_SPEND = (entries.PURCHASE, entries.REFUND)
_COSTS = {dialogue.INCENTIVE: INCENTIVES, dialogue.CHANNEL_COST: CHANNEL, dialogue.SERVICE: SERVICE}
_BENEFITS = {"2": "benefits_theme_a_month", "5": "benefits_premium_a_month"}
_MONTH_DAYS = 30.4


class Profit:
    """Counts a block's profit from the day after its making on. `see` every day once, after it was lived."""

    def __init__(self, world: World, day: int, costing: Costing = ORDINARY) -> None:
        """``day``: the last day that is not counted."""
        self._world, self._day, self._costing = world, day, costing
        own = world.accounts
        self._flows = np.zeros((len(COMPONENTS), len(world.people)))
        self._balance_days = np.zeros(len(own), np.int64)
        self._undrawn_days = np.zeros(len(own), np.int64)
        self._open_days = np.zeros(len(own), np.int64)
        self._benefits = np.zeros(len(own))
        self._expected = self._expected_loss()
        self._fee = _fee_by_shop(world, costing)
        families = [_BENEFITS.get(product.family, "") for product in PRODUCTS]
        self._benefits_a_month = np.array([getattr(costing, family) if family else 0.0 for family in families])

    def see(self, today: Today) -> None:
        """Counts a day; what the first files only bring forward from before does not count."""
        world, now, self._day = self._world, today.entries, today.day
        self._count(now.at((now.ago == 0) & (now.response == entries.APPROVED)))
        self._count_points(today.points)
        self._count_statements(today)
        self._count_dialogue(today)
        own, book = world.accounts, world.ledger
        live = (own.opened <= today.day) & (own.status <= BLOCKED)
        self._balance_days += np.where(live, np.maximum(_receivable(world), 0), 0)
        self._undrawn_days += np.where(live, np.maximum(own.effective - book.balance, 0), 0)
        self._open_days += live
        used = live & among(world.usage.state, (ACTIVE, SLIPPING))
        self._benefits += np.where(used, self._benefits_a_month[own.product] / _MONTH_DAYS, 0.0)
        if today.first:
            self._expected = self._expected_loss()

    def so_far(self) -> Ints:
        """Components × people: the running sums, fen."""
        costing, found = self._costing, self._flows.copy()
        funding = self._balance_days * costing.funding_a_year + self._undrawn_days * costing.undrawn_a_year
        self._add(found, FUNDING, -funding / 365)
        self._add(found, IMPAIRMENT, self._expected - self._expected_loss())
        self._add(found, BENEFITS, -self._benefits)
        self._add(found, SERVICE, -costing.account_a_month * self._open_days / _MONTH_DAYS)
        return np.rint(found).astype(np.int64)

    def _expected_loss(self) -> Floats:
        """By account; nothing more is expected of what is written off already."""
        own, book = self._world.accounts, self._world.ledger
        owed = np.where(own.status <= BLOCKED, np.maximum(_receivable(self._world), 0), 0)
        return owed * self._costing.coverage(book.late_days(self._day))

    def _count(self, posted: Entries) -> None:
        amount = posted.amount.astype(np.float64)
        person = self._world.accounts.person[posted.account]
        spend = among(posted.type, _SPEND)
        self._book(INTERCHANGE, person[spend], amount[spend] * self._fee[posted.merchant[spend]])
        for kind, component in _INCOME.items():
            of_kind = posted.type == kind
            self._book(component, person[of_kind], amount[of_kind])
        recovered = posted.type == entries.RECOVERY
        self._book(IMPAIRMENT, person[recovered], -amount[recovered])
        back = posted.type == entries.CHARGEBACK
        self._book(FRAUD, person[back], amount[back] * self._costing.fraud_borne)

    def _count_points(self, moved: Moved) -> None:
        """Points cost when they are earned or promised, as many of them as will be redeemed."""
        earned = among(moved.kind, (points.EARN, points.PROMOTION, points.REVERSE)) & (moved.ago == 0)
        cost = self._costing.point * self._costing.points_redeemed
        self._book(POINTS, self._world.accounts.person[moved.account[earned]], -cost * moved.points[earned])

    def _count_statements(self, today: Today) -> None:
        account = np.concatenate([closed.account for closed in today.statements] or [np.empty(0, np.int64)])
        if today.first:
            account = account[:0]
        person = self._world.accounts.person[account]
        self._book(SERVICE, person, np.full(len(person), -self._costing.statement))

    def _count_dialogue(self, today: Today) -> None:
        for kind, component in _COSTS.items():
            of_kind = today.costs.kind == kind
            self._book(component, today.costs.person[of_kind], -today.costs.amount[of_kind].astype(np.float64))
        taken = today.answers.answer == dialogue.ACCEPTED
        for offer, fee in ((actions.LOAN_REFERRAL, self._costing.loan_referral),
                           (actions.WEALTH_REFERRAL, self._costing.wealth_referral)):  # fmt: skip
            person = today.answers.person[taken & (today.answers.offer == offer)]
            self._book(FEES, person, np.full(len(person), fee))

    def _book(self, component: int, person: NDArray[np.integer], amount: Floats) -> None:
        if len(person):
            self._flows[component] += np.bincount(person, amount, minlength=self._flows.shape[1])

    def _add(self, found: Floats, component: int, by_account: NDArray[np.floating]) -> None:
        person = self._world.accounts.person
        found[component] += np.bincount(person, by_account, minlength=found.shape[1])


def _receivable(world: World) -> Ints:
    """What each account owes, fen."""
    return world.ledger.balance


def _fee_by_shop(world: World, costing: Costing) -> Floats:
    """What the bank keeps of a purchase, as a share, by shop; the last stands for none."""
    mcc, abroad = np.array(world.merchants.mcc), np.array(world.merchants.country) != "CN"
    free, reduced = np.isin(mcc, FREE_MCC), np.isin(mcc, REDUCED_MCC)
    home = np.select([free, reduced], [costing.interchange_free, costing.interchange_reduced], costing.interchange)
    return np.append(np.where(abroad, costing.interchange_abroad + costing.exchange_margin, home), 0.0)
