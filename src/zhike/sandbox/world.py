"""The world of the made bank: all the state of a block of people, lived one day at a time."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox import accounts as holdings
from zhike.sandbox import (
    applications,
    billing,
    borrowing,
    calendar,
    consents,
    contact,
    deposits,
    effects,
    entries,
    ledger,
    life,
    limit_requests,
    limits,
    merchants,
    moves,
    opening,
    people,
    phones,
    points,
    refunds,
    spending,
    suppliers,
    temporary_limits,
    usage,
)
from zhike.sandbox.actions import NOTHING, Actions
from zhike.sandbox.billing import Statements
from zhike.sandbox.crime import Crime, Reports
from zhike.sandbox.deposits import Movements
from zhike.sandbox.dialogue import Answers, CommandAnswers, Complaints, Costs, Interactions, Responses, Surveys
from zhike.sandbox.dice import Dice
from zhike.sandbox.entries import Entries
from zhike.sandbox.instalments import Instalments, Plans
from zhike.sandbox.life import Steps
from zhike.sandbox.parameters import Parameters

Index = NDArray[np.intp]
_ALWAYS = -(10**6)
REFERENCES_A_PERSON = 40  # a day, on average of a block


@dataclass(frozen=True)
class Today:
    """What happened on one day, for those who write it down. Positions point into the world's columns.

    ``entries`` are in the order of the clock, ``reference`` is the bank's number of each.
    """

    day: int
    first: bool
    base: int  # the bank's references of the day run from here, for this block
    new_customers: Index
    consent_changes: Index
    new_accounts: Index
    limit_changes: Index
    temporary_limits: temporary_limits.Told
    other_changes: Index  # accounts of which something else is to be written anew
    status_changes: Index
    steps: Steps
    entries: Entries
    reference: NDArray[np.int64]
    statements: list[Statements]
    plans: Plans
    filed: applications.Filed
    deposits: Movements
    points: points.Moved
    phone_changes: Index
    moved: Index
    branch_changes: Index
    reports: Reports
    interactions: Interactions
    answers: Answers
    complaints: Complaints
    surveys: Surveys
    command_answers: CommandAnswers
    costs: Costs
    responses: Responses


@dataclass(frozen=True)
class _Lived:
    """What of the course of a day is still needed at its end."""

    paid: Entries
    moved: Index
    relocated: Index
    raised: Index
    renumbered: Index
    reports: Reports
    spoken: contact.Spoken


class World:
    """A block of the bank's people, who live without needing anybody outside it. ``numbers``: theirs; else all."""

    def __init__(self, parameters: Parameters, numbers: range | None = None) -> None:
        self.parameters = parameters
        self.numbers = range(parameters.customers) if numbers is None else numbers
        dice = Dice(parameters.seed)
        self.people = people.make(parameters, dice, self.numbers)
        self.merchants = merchants.make(parameters)
        self.accounts = holdings.make(parameters, self.people, dice)
        self.deposits = deposits.make(parameters, self.people, dice)
        self.since = holdings.first_days(self.people, self.accounts)
        self.curves = parameters.curves
        self.contact = contact.make(self.people, len(self.accounts), self.curves)
        self.consents = consents.make(self.people, self.since, self.contact.leanings.dog, parameters.first_day)
        self.buyers = spending.buyers(self.people, self.accounts)
        self.ledger = ledger.empty(self.people, self.accounts)
        attachment = np.exp(0.4 * self.accounts.rolls.normal("attachment"))
        self.usage = usage.opening(self.accounts, attachment, parameters.first_day)
        self.instalments = Instalments(self.accounts, parameters.prices)
        self.homes = moves.Homes(self.people)
        self.applications = applications.make(parameters, self.people, self.accounts)
        self.borrowers = borrowing.borrowers(self.people, self.accounts, self.ledger, parameters.prices)
        self.phones = phones.make(parameters, self.people)
        self.points = points.make(self.accounts, self.merchants, self.people.partner, dice)
        self.crime = Crime(parameters, self.people, self.accounts, self.merchants, self.points, self.phones, dice)
        self._suppliers = suppliers.make(self.people, self.accounts, self.merchants)
        self._pending = refunds.Pending()

    def step(self, day: int, actions: Actions = NOTHING) -> Today:
        """Lives one day under what the bank does on it. The first is the bank's first day; no day is left out.

        Of ``actions`` the share of the block's people counts; BadInput where a person or account cannot be the bank's.
        """
        actions.check(self.parameters.customers)
        first = day == self.parameters.first_day
        own = self.accounts
        own.day_begins(day)
        self._prices_change(day)
        parts, statements, steps = self._brought_forward(day) if first else ([], [], [])
        steps.append(life.scheduled(own, _ALWAYS if first else day, day))
        before = own.status.copy()
        lived = self._lives(day, actions.within(self.numbers), parts, steps)
        limited = np.union1d(lived.raised, self._close_of_day(day, parts, steps, statements))
        today = entries.joined(parts)
        base = int(calendar.day_of(day).strftime("%Y%m%d")) * 10**8 + self.numbers.start * REFERENCES_A_PERSON
        reference = base + np.arange(1, len(today) + 1)
        self._pending.promise(own, today, reference, day)
        self.crime.note(today, reference, self._pending, day)
        return Today(
            day=day, first=first, base=base, steps=life.joined(steps), entries=today, reference=reference,
            statements=statements, plans=self.instalments.tell(),
            filed=applications.filed(self.applications, day, first),
            temporary_limits=own.extra.tell(),
            deposits=deposits.day_of_movements(
                self.deposits, self.people, day, own.person[lived.paid.account], -lived.paid.amount,
                self._received(today, day),
            ),
            points=self._points(today, day, first), phone_changes=lived.renumbered, moved=lived.moved,
            reports=lived.reports, **self._changes(day, first, before, limited, lived.relocated), **vars(lived.spoken),
        )  # fmt: skip

    def _lives(self, day: int, actions: Actions, parts: list[Entries], steps: list[Steps]) -> "_Lived":
        """What people, thieves and the bank do in the course of a day: ``parts`` and ``steps`` get what comes of it."""
        own, book, prices = self.accounts, self.ledger, self.parameters.prices_on(day)
        commands = contact.morning(self, actions, day)
        limit_requests.day_of_requests(self, day)
        lift = effects.lift(self, day)
        bought = spending.day_of_spending(self.buyers, own, self.usage, book, self.merchants, day, lift)
        stock = suppliers.day_of_stock(self._suppliers, own, self.usage, book, day)
        parts.append(spending.authorise(stock, own, self.usage, book, day))
        parts.append(borrowing.day_of_borrowing(self.borrowers, own, self.usage, book, self.instalments, bought, day))
        paid = billing.payments(own, book, day)
        moved, relocated = self.homes.day_of_moves(self.since, own, self.buyers, day)
        renumbered = self.phones.day_of_changes(self.since, day)
        deeds, raised, stolen = self.crime.day(self.buyers, self.usage, book, paid, day)
        parts += [*deeds, bought, *self._pending.arriving(own, book, day), paid]
        parts.append(billing.cash_fees(book, bought, prices))
        charged = billing.missed_due_days(own, book, day, prices)
        parts += [charged, billing.recoveries(own, day)]
        told, reports = self.crime.reported(day)
        steps.append(told)
        spoken = contact.day_of_contact(self, actions, commands, bought, charged, reports, day)
        steps += self.contact.gathered.steps
        parts += self.contact.gathered.entries
        return _Lived(paid, moved, relocated, raised, np.union1d(stolen, renumbered), reports, spoken)

    def _changes(
        self, day: int, first: bool, before: NDArray[np.integer], limited: Index, relocated: Index
    ) -> dict[str, Index]:
        """Who is written anew, and why; ``before`` is the status of accounts in the morning."""
        own, gathered = self.accounts, self.contact.gathered
        new = np.flatnonzero(own.opened <= day if first else own.opened == day)
        return {
            "new_customers": np.flatnonzero(self.since <= day if first else self.since == day),
            "consent_changes": np.empty(0, np.intp) if first else self.consents.changes(day), "new_accounts": new,
            "limit_changes": np.setdiff1d(np.concatenate([limited, *gathered.limited]), new),
            "other_changes": np.setdiff1d(np.concatenate([np.empty(0, np.intp), *gathered.changed]), new),
            "status_changes": np.setdiff1d(np.flatnonzero(own.status != before), new),
            "branch_changes": np.setdiff1d(relocated, new),
        }  # fmt: skip

    def _received(self, today: Entries, day: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """People to whose deposit accounts money comes from here: cash plans, and what thieves send each other."""
        person, amount = self.crime.received(day)
        plans = today.at(today.type == entries.CASH_PLAN)
        holder = self.accounts.person[plans.account].astype(np.int64)
        return np.concatenate([person, holder]), np.concatenate([amount, plans.amount])

    def _points(self, today: Entries, day: int, first: bool) -> points.Moved:
        """Movements of points; the first day's files also tell what holders have by then."""
        own, before = self.accounts, []
        if first:
            before = [points.bring_forward(self.points, own, spending.monthly_spend(self.buyers), day)]
        given, case_of = self.crime.points_given(self.points, day)
        moved = points.day_of_points(self.points, own, given, case_of, day)
        points.note(self.points, today, day)
        return points.Moved.joined([*before, moved])

    def _prices_change(self, day: int) -> None:
        """From the day of a change on, plans are sold at the new prices, to whom these tempt."""
        if any(start == day for start, _ in self.parameters.later_prices):
            prices = self.parameters.prices_on(day)
            self.instalments.prices = prices
            self.borrowers = borrowing.borrowers(self.people, self.accounts, self.ledger, prices)

    def position(self, number: NDArray[np.integer]) -> NDArray[np.int64]:
        """Where the people with these numbers stand in the block."""
        return np.asarray(number, np.int64) - self.numbers.start

    def _brought_forward(self, day: int) -> tuple[list[Entries], list[Statements], list[Steps]]:
        """What the bank's first files tell of the time before: last statements, the last purchase of each holder."""
        own, state = self.accounts, self.usage
        ago = (calendar.day_of(day).day - own.statement_day - 1) % 28 + 1
        awake = np.isin(state.state, (usage.ACTIVE, usage.SLIPPING)) & (day - own.cards.first_use[: len(own)] > 40)
        monthly = (spending.monthly_spend(self.buyers) * usage.PACE[state.state]).astype(np.int64)
        before = opening.Before(monthly, awake, day - ago, day)
        opening.bring_forward(self.ledger, own, before)
        blocked = opening.fall_behind(self.ledger, self.people, own, state, before)
        opening.plans_under_way(self.borrowers, own, self.ledger, self.instalments, before)
        used = np.flatnonzero(state.last < day)
        last = spending.last_purchases(self.buyers, self.merchants, used, day - state.last[used].astype(np.int64))
        told = billing.opening_statements(self.ledger, np.flatnonzero(awake))
        opening.newest_plans(self.borrowers, own, self.ledger, self.instalments, before)
        return [last], [told], [life.blocked_before(own, blocked)]

    def _close_of_day(self, day: int, parts: list[Entries], steps: list[Steps], statements: list[Statements]) -> Index:
        """Statements and what follows from them; gives the accounts whose limit changed."""
        own, book, prices = self.accounts, self.ledger, self.parameters.prices_on(day)
        gone, lost = billing.charge_off(own, book, day)
        parts.append(gone)
        steps.append(life.close(own, lost, holdings.CHARGED_OFF, day))
        due = (own.statement_day == calendar.day_of(day).day) & (own.opened <= day) & (own.status <= holdings.BLOCKED)
        index = np.flatnonzero(due)
        parts.append(self.instalments.call_in(own, book, index, day))
        parts.append(billing.interest(own, book, index, day, prices, effects.discount(self, day)))
        parts += billing.annual_fees(own, book, self.usage, index, day, prices, effects.let_off(self, day))
        closed = billing.close_statements(book, index, day)
        statements.append(closed)
        self.contact.charged[closed.account] = np.maximum(closed.charges, 0)
        billing.plan_payments(self.people, own, book, self.usage, closed.account, day)
        self.crime.unpaid(book, day)
        steps.append(life.block_and_release(own, book, day, self.contact.held))
        self.instalments.follow_arrears(own, book, day)
        ease = self.contact.ease(own.person)
        usage.month_passes(self.usage, index, own.rolls.at(index).on(day), ease[index])
        steps.append(life.leave(own, self.usage, book, index, day, ease))
        return limits.monthly(own, self.usage, book, index, day)
