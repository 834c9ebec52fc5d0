"""Decisions that stand: the bank's next best action for a person, shown when they log in or call, until replaced."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox import dialogue, effects, response
from zhike.sandbox.actions import Decisions
from zhike.sandbox.columns import NONE, among
from zhike.sandbox.dialogue import Answers, Interactions, Responses

if TYPE_CHECKING:
    from zhike.sandbox.world import World

Ints = NDArray[np.int64]
_SAYS_NO, _CLICKS = 0.06, 0.10


@dataclass
class Standing:
    """One position per person; ``offer`` is NONE where nothing stands, ``shown`` how often it was."""

    offer: Ints
    incentive: Ints
    reference: Ints
    shown: Ints


def empty(count: int) -> Standing:
    nothing = np.full(count, NONE, np.int64)
    return Standing(nothing, nothing.copy(), nothing.copy(), np.zeros(count, np.int64))


def publish(state: Standing, decisions: Decisions, person: Ints) -> None:
    """Replaces what stood for these people; of two for one person the last holds. The same offer again was shown."""
    again = state.offer[person] == decisions.offer
    state.shown[person[~again]] = 0
    for column in ("offer", "incentive", "reference"):
        getattr(state, column)[person] = getattr(decisions, column)


def shown(world: "World", visits: Interactions, day: int) -> tuple[Interactions, Answers, Responses]:
    """Shows what stands to those who log in or call, a few seconds later, and takes their answers.

    An accepted decision stands no more.
    """
    state = world.contact.standing
    seen = visits.at(state.offer[visits.person] != NONE)
    if not len(seen):
        return Interactions.none(), Answers.none(), Responses.none()
    person, channel = seen.person, seen.channel
    offer, incentive, reference = (column[person] for column in (state.offer, state.incentive, state.reference))
    chance = response.inbound_probability(world, person, offer, channel, incentive, day)
    rolls = world.people.rolls.at(person).on(day).on(2_000 + offer).on(channel)
    luck = rolls.uniform("answer to what is shown")
    accepted = luck < chance
    accepted[accepted] = effects.accept(world, person[accepted], offer[accepted], incentive[accepted], day)
    no, clicks = rolls.happens("says no", _SAYS_NO), luck < 3 * chance + _CLICKS * chance**0.3
    answer = np.select(
        [accepted, clicks, no], [dialogue.ACCEPTED, dialogue.CLICKED, dialogue.DECLINED], dialogue.IGNORED
    )
    state.shown[person] += 1
    state.offer[person[accepted]] = NONE
    views = Interactions.of(
        person=person, second=np.minimum(seen.second + 3 + rolls.below("shown", 30), 86_397), kind=dialogue.VIEW,
        topic=dialogue.OFFERS_PAGE, outcome=dialogue.DONE, offer=offer, channel=channel, reference=reference,
        duration=2 + rolls.below("looks", 40),
    )  # fmt: skip
    truth = Responses.of(
        person=person, offer=offer, channel=channel, hour=views.second // 3600, incentive=incentive,
        reference=reference, inbound=1, chance_ppm=np.round(chance * 1e6), accepted=accepted,
        contacts=world.contact.memory.load[person],
    )  # fmt: skip
    return _with_clicks(views, answer), _answers(views, answer), truth


def _with_clicks(views: Interactions, answer: Ints) -> Interactions:
    clicked = views.at(among(answer, (dialogue.ACCEPTED, dialogue.CLICKED)))
    kind = np.full(len(clicked), dialogue.CLICK)
    return Interactions.joined([views, Interactions(**{**vars(clicked), "kind": kind, "second": clicked.second + 1})])


def _answers(views: Interactions, answer: Ints) -> Answers:
    return Answers.of(
        person=views.person, second=views.second + 2, offer=views.offer, channel=views.channel, answer=answer,
        reference=views.reference,
    )  # fmt: skip
