"""Surveys: satisfaction with a service contact (CSAT 1 to 5), whether one would recommend the bank (NPS 0 to 10)."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox import dialogue, satisfaction
from zhike.sandbox.columns import NONE
from zhike.sandbox.dialogue import Interactions, Surveys

if TYPE_CHECKING:
    from zhike.sandbox.world import World

Floats = NDArray[np.float64]

_CSAT_ANSWERED = 0.09  # of the calls, chats and visits
_NPS_A_DAY = 0.0006  # of lively customers: about one in five a year
_OUTCOMES = {dialogue.SOLVED: 0.10, dialogue.PASSED_ON: -0.20, dialogue.GAVE_UP: -0.35}
_NOISE = 0.16


def of_day(world: "World", lively: Floats, served: Interactions, day: int) -> Surveys:
    """Answers of the day: by how content people are, and with CSAT by how it went."""
    rolls = world.people.rolls.on(day)
    level = world.contact.satisfaction.level
    asked = served.at(rolls.at(served.person).happens("answers csat", _CSAT_ANSWERED))
    mood = np.zeros(len(dialogue.OUTCOMES))
    for outcome, shift in _OUTCOMES.items():
        mood[outcome] = shift
    own = rolls.at(asked.person)
    felt = level[asked.person] + mood[asked.outcome] + _NOISE * own.normal("csat")
    csat = Surveys.of(
        person=asked.person, second=np.minimum(asked.second + asked.duration + 60, 86_399), kind=dialogue.CSAT,
        score=np.clip(np.round(1 + 4.4 * felt), 1, 5), channel=asked.kind,
    )  # fmt: skip
    person = np.flatnonzero(rolls.happens("answers nps", _NPS_A_DAY * np.minimum(lively, 1.0)))
    own = rolls.at(person)
    felt = level[person] - satisfaction.ORDINARY + 0.12 * own.normal("nps")
    nps = Surveys.of(
        person=person, second=36_000 + own.below("nps second", 40_000), kind=dialogue.NPS,
        score=np.clip(np.round(8.0 + 9.0 * felt), 0, 10), channel=NONE,
    )  # fmt: skip
    return Surveys.joined([csat, nps]).by_clock()
