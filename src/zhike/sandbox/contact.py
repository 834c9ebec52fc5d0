"""All that passes between the bank and its people on a day: what the bank does, who comes by, how it is answered."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox import (
    complaints,
    consents,
    dialogue,
    effects,
    eligibility,
    entries,
    intruders,
    leanings,
    logins,
    memory,
    outbound,
    response,
    satisfaction,
    service,
    standing,
    surveys,
)
from zhike.sandbox.actions import OFFERS, Actions
from zhike.sandbox.commands import Core
from zhike.sandbox.crime import Reports
from zhike.sandbox.curves import ResponseCurves
from zhike.sandbox.dialogue import Answers, CommandAnswers, Complaints, Costs, Interactions, Responses, Surveys
from zhike.sandbox.effects import Gathered
from zhike.sandbox.entries import APPROVED, Entries
from zhike.sandbox.leanings import Leanings
from zhike.sandbox.logins import Habits
from zhike.sandbox.memory import Memory
from zhike.sandbox.outbound import References
from zhike.sandbox.people import People
from zhike.sandbox.satisfaction import Satisfaction
from zhike.sandbox.service import Troubles
from zhike.sandbox.standing import Standing

if TYPE_CHECKING:
    from zhike.sandbox.world import World

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass
class Contact:
    """The state. Of people: leanings, habits, memory, satisfaction, what stands. Of accounts: ``until`` which day an
    accepted offer is in force (a row an offer), whether a command blocks it, what the last statement charged and was
    not waived since."""

    leanings: Leanings
    habits: Habits
    memory: Memory
    satisfaction: Satisfaction
    standing: Standing
    until: NDArray[np.int32]
    held: NDArray[np.bool_]
    charged: Ints
    core: Core = field(default_factory=Core)
    desk: complaints.Desk = field(default_factory=complaints.Desk)
    references: References = field(default_factory=References)
    gathered: Gathered = field(default_factory=Gathered)

    def ease(self, person: NDArray[np.integer]) -> Floats:
        """How much longer or shorter these people stay because of how the bank treats them; 1 is ordinary."""
        found: Floats = satisfaction.ease(self.satisfaction, self.memory.irritation)[person]
        return found


@dataclass(frozen=True)
class Spoken:
    """What passed on a day, for those who write it down."""

    interactions: Interactions
    answers: Answers
    complaints: Complaints
    surveys: Surveys
    command_answers: CommandAnswers
    costs: Costs
    responses: Responses


def make(people: People, accounts: int, curves: ResponseCurves) -> Contact:
    """Everybody before the first contact."""
    who, count = leanings.make(people, curves), len(people)
    return Contact(
        leanings=who, habits=logins.habits(people, who, curves), memory=memory.fresh(count),
        satisfaction=satisfaction.make(people.rolls), standing=standing.empty(count),
        until=np.full((len(OFFERS), accounts), -1, np.int32),
        held=np.zeros(accounts, bool), charged=np.zeros(accounts, np.int64),
    )  # fmt: skip


def morning(world: "World", actions: Actions, day: int) -> CommandAnswers:
    """What the bank does before people begin their day: memories fade, commands are dealt with, decisions published."""
    state = world.contact
    state.gathered = Gathered()
    memory.new_day(state.memory, day)
    satisfaction.new_day(state.satisfaction)
    answers = state.core.day_of_commands(world, actions.commands, day)
    standing.publish(state.standing, actions.decisions, world.position(actions.decisions.person))
    return answers


def day_of_contact(
    world: "World", actions: Actions, commands: CommandAnswers, bought: Entries, charged: Entries, reports: Reports,
    day: int,
) -> Spoken:  # fmt: skip
    """Contacts, log-ins, calls, complaints, surveys and consents of the day.

    ``bought``: today's attempts to buy; ``charged``: today's late fees; ``reports``: lost cards and strange movements.
    """
    sent = outbound.make(world, actions.contacts, world.position(actions.contacts.person), day)
    lively = logins.pace(world, day)
    logged = logins.of_day(world, lively, day)
    troubles = _troubles(world, bought, charged, reports)
    called = service.reported(world, reports.person, reports.second, day)
    served = Interactions.joined([called, service.of_day(world, lively, troubles, sent.person, day)])
    visits = Interactions.joined([logged.at(logged.outcome == dialogue.DONE), served.at(_heard(served))])
    views, answers, shown = standing.shown(world, visits, day)
    alone = _by_themselves(world, logged, day)
    received, touches = complaints.of_day(world, lively, troubles, served, (sent.person, sent.bother), day)
    steps = world.contact.desk.steps(world, day)
    world.contact.desk.take(world, received, day)
    consents.day_of_consents(world, logged.person, sent.person, sent.channel, sent.bother, day)
    every = [sent.interactions, logged, logins.views(world, logged, day), served, views, alone, touches,
             intruders.of_day(world, day)]  # fmt: skip
    costs = [sent.costs, service.costs(served), complaints.costs(received), *world.contact.gathered.costs]
    return Spoken(
        interactions=Interactions.joined(every).by_clock(), answers=Answers.joined([sent.answers, answers]).by_clock(),
        complaints=Complaints.joined([received, steps]).by_clock(),
        surveys=surveys.of_day(world, lively, served, day), command_answers=commands, costs=Costs.joined(costs),
        responses=Responses.joined([sent.responses, shown]),
    )  # fmt: skip


def _heard(served: Interactions) -> NDArray[np.bool_]:
    """Calls in which somebody was talked to, not of a theft: there what stands is offered."""
    heard = (served.kind == dialogue.CALL_IN) & (served.outcome != dialogue.GAVE_UP)
    found: NDArray[np.bool_] = heard & (served.topic != dialogue.FRAUD)
    return found


def _troubles(world: "World", bought: Entries, charged: Entries, reports: Reports) -> Troubles:
    holder, state = world.accounts.person, world.contact.satisfaction
    no = bought.account[(bought.response != APPROVED) & (bought.type == entries.PURCHASE)]
    count = len(world.people)
    refused, late = (np.flatnonzero(np.bincount(holder[which], minlength=count)) for which in (no, charged.account))
    satisfaction.move(state, refused, satisfaction.REFUSED_PURCHASE)
    satisfaction.move(state, late, satisfaction.LATE_FEE)
    heard = world.crime.heard
    satisfaction.move(state, np.unique(reports.person[reports.stolen]), satisfaction.ROBBED)
    satisfaction.move(state, heard.granted, satisfaction.DISPUTE_GRANTED)
    satisfaction.move(state, heard.refused, satisfaction.DISPUTE_REFUSED)
    return Troubles(refused, late, np.unique(reports.person).astype(np.int64))


def _by_themselves(world: "World", logged: Interactions, day: int) -> Interactions:
    """What people take up at a log-in without being asked; at most one offer a log-in."""
    done = logged.at(logged.outcome == dialogue.DONE)
    curves = world.curves.on(day)
    offers = np.array([place for place, each in enumerate(curves.offers) if each.alone is not None], np.int64)
    person, offer = np.repeat(done.person, len(offers)), np.tile(offers, len(done))
    luck = world.people.rolls.at(person).on(day).on(3_000 + offer).uniform("takes it up alone")
    near = np.flatnonzero(luck < response.MOST_ALONE)
    person, offer, row = person[near], offer[near], np.repeat(np.arange(len(done)), len(offers))[near]
    yes = np.flatnonzero(luck[near] < response.alone_if_meant(world, person, offer, day))
    yes = yes[eligibility.targets(world, person[yes], offer[yes], day) >= 0]
    yes = yes[np.unique(row[yes], return_index=True)[1]]
    taken = effects.accept(world, person[yes], offer[yes], np.zeros(len(yes), np.int64), day)
    yes = yes[taken]
    return Interactions.of(
        person=person[yes], second=np.minimum(done.second[row[yes]] + 120, 86_399), kind=dialogue.CLICK,
        topic=dialogue.OFFERS_PAGE, outcome=dialogue.DONE, offer=offer[yes], channel=done.channel[row[yes]],
        duration=20,
    )  # fmt: skip
