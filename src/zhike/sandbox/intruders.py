"""Log-ins of thieves to accounts that they have taken over: from another device, mostly at night."""

from typing import TYPE_CHECKING

import numpy as np

from zhike.sandbox import dialogue
from zhike.sandbox.actions import APP
from zhike.sandbox.crime_cases import TAKEN_OVER
from zhike.sandbox.dialogue import Interactions

if TYPE_CHECKING:
    from zhike.sandbox.world import World

_COMES_BACK, _AT_NIGHT = 0.6, 0.7


def of_day(world: "World", day: int) -> Interactions:
    """On the first day always, later now and then: a log-in, and the page of limits or balances."""
    cases = world.crime.cases
    there = np.flatnonzero((cases.kind == TAKEN_OVER) & (cases.start <= day) & (cases.reported > day))
    rolls = world.crime.rolls.at(there).on(day)
    comes = (cases.start[there] == day) | rolls.happens("intrudes", _COMES_BACK)
    person = world.accounts.person[cases.account[there[comes]]].astype(np.int64)
    rolls = rolls.at(np.flatnonzero(comes))
    night = rolls.happens("intrudes at night", _AT_NIGHT)
    second = rolls.below("intrudes second", np.where(night, 20_000, 80_000))
    page = np.where(rolls.happens("looks at limits", 0.6), dialogue.LIMIT, dialogue.BALANCE)
    return Interactions.joined([
        Interactions.of(
            person=person, second=second, kind=dialogue.LOGIN, outcome=dialogue.DONE, channel=APP, duration=0
        ),
        Interactions.of(
            person=person, second=second + 20, kind=dialogue.VIEW, topic=page, outcome=dialogue.DONE, channel=APP,
            duration=3 + rolls.below("looks for", 50),
        ),
    ])  # fmt: skip
