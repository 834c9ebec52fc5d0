"""Messages and calls that the bank makes today: who is reached, what they make of it, and what it does to them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox import consents, dialogue, effects, eligibility, memory, response, satisfaction
from zhike.sandbox.actions import BRANCH, PHONE, SMS, Contacts
from zhike.sandbox.columns import NONE, among
from zhike.sandbox.contact_texts import note
from zhike.sandbox.curves import ResponseCurves
from zhike.sandbox.dialogue import Answers, Costs, Interactions, Responses
from zhike.sandbox.dice import Rolls

if TYPE_CHECKING:
    from zhike.sandbox.world import World

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_NIGHT, _UNCONSENTED = 2.5, 3.0  # times the irritation
_MISSED_CALL = 0.4
_SAYS_NO = 0.65  # of those who are talked to and do not accept
DAYS_REMEMBERED = 30  # for which the channels know a reference again


@dataclass(frozen=True)
class Reached:
    """What the contacts of a day did: ``bother`` is how much harder than a text message each irritates."""

    interactions: Interactions
    answers: Answers
    responses: Responses
    costs: Costs
    person: Ints
    channel: Ints
    bother: Floats


class References:
    """The references of the last thirty days: a contact with a known one is not made again."""

    def __init__(self) -> None:
        self._by_day: dict[int, Ints] = {}

    def fresh(self, reference: Ints, day: int) -> Bools:
        """Which of these are new, the first of each; they are known from now on."""
        self._by_day = {when: known for when, known in self._by_day.items() if when > day - DAYS_REMEMBERED}
        first = np.zeros(len(reference), bool)
        first[np.unique(reference, return_index=True)[1]] = True
        if self._by_day:
            first &= ~np.isin(reference, np.concatenate(list(self._by_day.values())))
        self._by_day[day] = reference[first]
        return first


def make(world: "World", contacts: Contacts, person: Ints, day: int) -> Reached:
    """Makes the contacts of a day in the order of the clock; ``person``: the block positions of their people."""
    if not len(contacts):
        return NOBODY
    order = np.lexsort((contacts.reference, contacts.offer, contacts.channel, contacts.hour, person))
    contacts, person = contacts.at(order), person[order]
    known = world.contact.references.fresh(contacts.reference, day)
    contacts, person = contacts.at(known), person[known]
    turn = np.arange(len(person)) - np.searchsorted(person, person)
    rolls = world.people.rolls.at(person).on(day).on(1_000 + contacts.offer).on(turn)
    curves = world.curves.on(day)
    reached = rolls.on(contacts.channel).happens("reached", response.reach(world, curves, person, contacts.channel))
    luck = rolls.uniform("answer")
    chance, accepted = _accepted(world, contacts, person, turn, np.where(reached, luck, 1.0), day)
    felt = _remembered(world, contacts, person, reached, day)
    second = contacts.hour * 3600 + rolls.below("contact second", 3_500)
    return Reached(
        _interactions(contacts, person, reached, second, rolls), _answers(
            contacts, person, reached, accepted, luck / np.maximum(chance, 1e-9), second, rolls),
        Responses.of(
            person=person, offer=contacts.offer, channel=contacts.channel, hour=contacts.hour,
            incentive=contacts.incentive, reference=contacts.reference, inbound=0, accepted=accepted,
            chance_ppm=np.round(1e6 * chance * response.reach(world, curves, person, contacts.channel)),
            contacts=world.contact.memory.load[person],
        ),
        Costs.of(person=person, kind=dialogue.CHANNEL_COST,
                 amount=np.array([each.cost for each in curves.channels])[contacts.channel]),
        person, contacts.channel, felt,
    )  # fmt: skip


def _accepted(
    world: "World", contacts: Contacts, person: Ints, turn: Ints, luck: Floats, day: int
) -> tuple[Floats, Bools]:
    """Chances of acceptance and who accepts, a person's first contact of the day before the second."""
    chance, accepted = np.zeros(len(person)), np.zeros(len(person), bool)
    for now in range(int(turn.max(initial=-1)) + 1):
        rows = np.flatnonzero(turn == now)
        chance[rows] = _chance(world, contacts.at(rows), person[rows], now, day)
        yes = rows[luck[rows] < chance[rows]]
        accepted[yes] = effects.accept(world, person[yes], contacts.offer[yes], contacts.incentive[yes], day)
    return chance, accepted


def _chance(world: "World", contacts: Contacts, person: Ints, more: int, day: int) -> Floats:
    """Chance of acceptance of those who are reached, as the world stands after the contacts before."""
    target = eligibility.targets(world, person, contacts.offer, day)
    taken = response.taken(
        world, world.curves.on(day), person, contacts.offer, contacts.channel, contacts.hour, contacts.incentive, more
    )
    return np.where(target >= 0, taken, 0.0)


def _remembered(world: "World", contacts: Contacts, person: Ints, reached: Bools, day: int) -> Floats:
    """Contacts are remembered, and move satisfaction: by night and without consent they are worse."""
    curves, who = world.curves.on(day), world.contact.leanings
    felt = bother(world, curves, person, contacts.channel, contacts.hour, day)
    felt = felt * np.where(reached, 1.0, missed(contacts.channel))
    heard = felt > 0
    memory.remember(world.contact.memory, who, curves, person[heard], felt[heard], day)
    moved = np.where(who.dog[person], satisfaction.DOG_CONTACT, satisfaction.CONTACT)
    satisfaction.move(world.contact.satisfaction, person, moved * felt)
    return felt


def bother(world: "World", curves: ResponseCurves, person: Ints, channel: Ints, hour: Ints, day: int) -> Floats:
    """How much harder than a wanted text message by day each contact irritates whoever is reached."""
    night = (hour < 8) | (hour >= 21)
    asked = consents.holds(world.consents, person, channel, day)
    push = np.array([each.push for each in curves.channels])[channel]
    return push * np.where(night, _NIGHT, 1.0) * np.where(asked, 1.0, _UNCONSENTED)


def missed(channel: Ints) -> Floats:
    """The part of it that is felt where nobody is reached: a call that rings."""
    return np.where(channel == PHONE, _MISSED_CALL, 0.0)


def _interactions(contacts: Contacts, person: Ints, reached: Bools, second: Ints, rolls: Rolls) -> Interactions:
    phone = contacts.channel == PHONE
    topic = np.full(len(person), dialogue.MARKETING)
    return Interactions.of(
        person=person, second=second, kind=np.where(phone, dialogue.CALL_OUT, dialogue.MESSAGE), topic=topic,
        outcome=np.where(
            phone, np.where(reached, dialogue.TALKED, dialogue.NO_ANSWER),
            np.where(reached, dialogue.DELIVERED, dialogue.FAILED),
        ),
        offer=contacts.offer, channel=contacts.channel, reference=contacts.reference,
        duration=np.where(phone & reached, 20 + rolls.below("talk", 200), 0),
        text=np.where(phone & reached, note(topic, rolls), NONE),
    )  # fmt: skip


def _answers(
    contacts: Contacts, person: Ints, reached: Bools, accepted: Bools, missed_by: Floats, second: Ints, rolls: Rolls
) -> Answers:
    """Accepted; a clear no on the phone or in the branch; opened or clicked by how near it was; else ignored."""
    spoken = among(contacts.channel, (PHONE, BRANCH))
    digital = ~spoken & (contacts.channel != SMS)
    answer = np.select(
        [accepted, ~reached, spoken & rolls.happens("says no", _SAYS_NO), ~spoken & (missed_by < 3),
         digital & (rolls.uniform("opens") < 0.12 + 1 / missed_by)],
        [dialogue.ACCEPTED, dialogue.IGNORED, dialogue.DECLINED, dialogue.CLICKED, dialogue.OPENED], dialogue.IGNORED,
    )  # fmt: skip
    wait = np.where(spoken, 15, 30 + rolls.wait("answer seconds", 900.0))
    return Answers.of(
        person=person, second=np.minimum(second + wait, 86_399), offer=contacts.offer, channel=contacts.channel,
        answer=answer, reference=contacts.reference,
    )  # fmt: skip


NOBODY = Reached(
    Interactions.none(), Answers.none(), Responses.none(), Costs.none(), np.empty(0, np.int64), np.empty(0, np.int64),
    np.empty(0),
)  # fmt: skip
