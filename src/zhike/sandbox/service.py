"""People who come to the bank with something: calls to the hotline, chats, visits; and how they are served."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox import dialogue, satisfaction
from zhike.sandbox.actions import APP, BRANCH, PHONE
from zhike.sandbox.contact_texts import note
from zhike.sandbox.dialogue import CALL_IN, CHAT, VISIT, Costs, Interactions
from zhike.sandbox.dice import Rolls, quantiles

if TYPE_CHECKING:
    from zhike.sandbox.world import World

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

# A day and person with an active card. Planning figures: 0.8 calls, 0.5 chats, 0.25 visits a year.
_CALLS, _CHATS, _VISITS = 0.0024, 0.0022, 0.0011
_AFTER_REFUSAL, _AFTER_FEE, _AFTER_MESSAGE = 0.03, 0.06, 0.003
_NEAR = 0.05  # nobody comes by more than this chance without some trouble
_MEAN_WAIT, _PEAK_WAIT = 32.0, 80.0  # seconds in the queue of the hotline; on the first working days of a week
_SOLVED, _PASSED_ON = 0.84, 0.16
_COSTS = {CHAT: 150, CALL_IN: 600, VISIT: 1_500}  # fen, planning figures
_TALK = {CHAT: 420, CALL_IN: 210, VISIT: 900}  # mean seconds
_CHANNEL = {CHAT: APP, CALL_IN: PHONE, VISIT: BRANCH}

# Weights of topics, in the order of dialogue.TOPICS up to closure.
_TOPICS = {
    CHAT: quantiles([16, 14, 12, 12, 8, 9, 4, 5, 7, 2, 8, 2, 1], 512),
    CALL_IN: quantiles([12, 14, 6, 5, 10, 8, 6, 7, 12, 6, 7, 3, 4], 512),
    VISIT: quantiles([8, 16, 2, 3, 9, 6, 8, 18, 10, 5, 5, 4, 6], 512),
}
_OPENS, _CLOSES = {CHAT: 0, CALL_IN: 7, VISIT: 9}, {CHAT: 24, CALL_IN: 23, VISIT: 17}


@dataclass(frozen=True)
class Troubles:
    """People to whom something happened today that may make them call or complain: refused purchases, late fees;
    and who reported a lost card or movements that are not theirs."""

    refused: Ints
    charged: Ints
    robbed: Ints


def of_day(world: "World", lively: Floats, troubles: Troubles, messaged: Ints, day: int) -> Interactions:
    """Calls, chats and visits of a day, at most one a person; satisfaction moves with how it went."""
    person, kind, topic = _who_comes(world, lively, troubles, messaged, day)
    rolls = world.people.rolls.at(person).on(day)
    parts = [_served(world, one, person[kind == one], topic[kind == one], rolls.at(np.flatnonzero(kind == one)), day)
             for one in (CHAT, CALL_IN, VISIT)]  # fmt: skip
    return Interactions.joined(parts)


def reported(world: "World", person: Ints, second: Ints, day: int) -> Interactions:
    """The calls by which lost cards and strange movements are reported."""
    rolls = world.people.rolls.at(person).on(day)
    topic = np.full(len(person), dialogue.FRAUD)
    return Interactions.of(
        person=person, second=second, kind=CALL_IN, topic=topic, outcome=dialogue.SOLVED, channel=PHONE,
        duration=180 + rolls.below("report", 420), text=note(topic, rolls),
    )  # fmt: skip


def costs(served: Interactions) -> Costs:
    """What serving these costs the bank."""
    table = np.zeros(len(dialogue.KINDS), np.int64)
    for kind, fen in _COSTS.items():
        table[kind] = fen
    return Costs.of(person=served.person, kind=dialogue.SERVICE, amount=table[served.kind])


def _who_comes(world: "World", lively: Floats, troubles: Troubles, messaged: Ints, day: int) -> tuple[Ints, Ints, Ints]:
    """Person, kind and topic of those who come today."""
    rolls, who = world.people.rolls.on(day), world.contact.leanings
    more = np.zeros(len(rolls))
    for those, chance in (
        (troubles.refused, _AFTER_REFUSAL),
        (troubles.charged, _AFTER_FEE),
        (messaged, _AFTER_MESSAGE),
    ):
        np.add.at(more, those, chance)
    luck = rolls.uniform("comes to the bank")
    person = np.flatnonzero(luck < _NEAR + more)
    digital, liked = world.people.digital[person], np.exp(who.channel[person])
    unease = satisfaction.unease(world.contact.satisfaction, person)
    calls = _CALLS * (1.3 - 0.5 * digital) * liked[:, PHONE] * unease * lively[person] + more[person]
    chats = _CHATS * digital * liked[:, APP] * lively[person]
    visits = _VISITS * (1.5 - digital) * liked[:, BRANCH] * lively[person]
    comes = luck[person] < calls + chats + visits
    person, luck, calls, chats = person[comes], luck[person][comes], calls[comes], chats[comes]
    kind = np.select([luck < calls, luck < calls + chats], [CALL_IN, CHAT], VISIT)
    mine = rolls.at(person)
    topic = np.select([kind == one for one in _TOPICS], [mine.drawn(f"topic {one}", _TOPICS[one]) for one in _TOPICS])
    troubled = (kind == CALL_IN) & mine.happens("calls for it", 0.85)
    refused = np.where(mine.happens("takes it for theft", 0.3), dialogue.FRAUD, dialogue.LIMIT)
    topic = np.where(troubled & np.isin(person, troubles.refused), refused, topic)
    return person, kind, np.where(troubled & np.isin(person, troubles.charged), dialogue.FEES, topic)


def _served(world: "World", kind: int, person: Ints, topic: Ints, rolls: Rolls, day: int) -> Interactions:
    hour = world.contact.leanings.hour[person] + 2.6 * rolls.normal("service hour")
    second = np.clip(hour % 24, _OPENS[kind], _CLOSES[kind] - 0.02) * 3600 + rolls.below("service second", 60)
    busy = (day + 3) % 7 < 2 if kind == CALL_IN else False  # Monday, Tuesday: 1970-01-01 was a Thursday
    mean = _PEAK_WAIT if busy else _MEAN_WAIT
    wait = -np.log(rolls.uniform("queue")) * (mean if kind == CALL_IN else 0.4 * mean)
    patience = 60 + 240 * rolls.uniform("patience")
    gone = wait > patience
    solved = rolls.happens("solved", np.where(topic == dialogue.CLOSURE, 0.6, _SOLVED))
    outcome = np.where(gone, dialogue.GAVE_UP, np.where(solved, dialogue.SOLVED, dialogue.PASSED_ON))
    moved = np.array([satisfaction.SOLVED, satisfaction.PASSED_ON, satisfaction.GAVE_UP])[outcome - dialogue.SOLVED]
    waited = np.minimum(wait, patience)
    satisfaction.move(world.contact.satisfaction, person, moved + satisfaction.A_SECOND_OF_WAITING * waited)
    talk = _TALK[kind] * np.exp(0.5 * rolls.normal("talk")) / 1.13
    return Interactions.of(
        person=person, second=np.minimum(second.astype(np.int64), 86_399), kind=kind, topic=topic, outcome=outcome,
        channel=_CHANNEL[kind], duration=np.round(waited + np.where(gone, 0, talk)),
        text=np.where(gone, -1, note(topic, rolls)),
    )  # fmt: skip
