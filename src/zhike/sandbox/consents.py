"""Consents of card customers: given or not at application, taken back when contact becomes too much, given later."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox.calendar import NEVER
from zhike.sandbox.dice import Rolls
from zhike.sandbox.people import People

if TYPE_CHECKING:
    from zhike.sandbox.world import World

Days = NDArray[np.int32]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

# Name of the field in the customer file, chance of consent at application, mean days until it is withdrawn by somebody
# who is left in peace.
CONSENTS = (
    ("sms", 0.66, 5_000.0),
    ("call", 0.34, 3_500.0),
    ("app", 0.72, 8_000.0),
    ("mail", 0.28, 6_000.0),
    ("personal", 0.78, 9_000.0),
    ("partner", 0.12, 4_000.0),
)
GIVEN, NOT_GIVEN, WITHDRAWN = range(3)
CODES = ("G", "N", "W")
# The consent that a contact by each channel of `actions.CHANNELS` needs; a talk in the branch needs none.
OF_CHANNEL = np.array([0, 1, 2, 3, -1])

_HAZARDS = np.array([1.0 / days for _, _, days in CONSENTS])
_DOGS_GIVE = 0.7  # beside others
_A_CONTACT = 0.10  # by how much the hazard of withdrawing rises with each contact of the last thirty days
_OPTS_OUT, _DOG_OPTS_OUT = 0.0015, 0.03  # at a contact, by its own channel
_GIVES_LATER = 0.00015  # at a log-in


@dataclass
class Consents:
    """One row per consent, one column per person. ``since`` is the day on which it was given (NEVER: never),
    ``withdrawn`` the day on which it was taken back after that, or NEVER; ``changed`` of the last living change."""

    since: Days
    withdrawn: Days
    changed: Days

    def changes(self, day: int) -> NDArray[np.intp]:
        """People who gave or took back a consent on this day, after they became customers."""
        return np.flatnonzero(self.changed == day)

    def state(self, which: int, person: NDArray[np.integer], day: int) -> NDArray[np.int64]:
        """GIVEN, NOT_GIVEN or WITHDRAWN of each person as of a day; of days past it tells the last change only."""
        given, gone = self.since[which, person] <= day, self.withdrawn[which, person] <= day
        return np.where(given, np.where(gone, WITHDRAWN, GIVEN), NOT_GIVEN)

    def spoken(self, which: int, person: NDArray[np.integer], first: Days) -> Days:
        """The day of each person's last word on it: of taking back, of giving, else of becoming a customer."""
        since, gone = self.since[which, person], self.withdrawn[which, person]
        found: Days = np.where(gone != NEVER, gone, np.where(since != NEVER, since, first[person])).astype(np.int32)
        return found


def make(people: People, since: Days, dogs: NDArray[np.bool_], first_day: int) -> Consents:
    """Consents of everybody; ``since`` is the day of becoming a card customer, NEVER for others.

    What was taken back before the bank's first day is drawn here, later days are lived.
    """
    given, withdrawn = [], []
    for name, chance, mean_days in CONSENTS:
        likely = np.where(dogs, _DOGS_GIVE, 1.0) * chance
        agrees = people.rolls.happens(f"consent {name}", likely) & (since != NEVER)
        end = since.astype(np.int64) + 1 + people.rolls.wait(f"withdrawal {name}", mean_days)
        given.append(np.where(agrees, since, NEVER))
        withdrawn.append(np.where(agrees & (end < first_day), np.minimum(end, NEVER), NEVER))
    return Consents(
        np.stack(given).astype(np.int32), np.stack(withdrawn).astype(np.int32), np.full(len(people), NEVER, np.int32)
    )


def holds(consents: Consents, person: Ints, channel: Ints, day: int) -> NDArray[np.bool_]:
    """Whether each person agrees to be contacted by the channel."""
    which = OF_CHANNEL[channel]
    given = (consents.since[which, person] <= day) & (consents.withdrawn[which, person] > day)
    found: NDArray[np.bool_] = given | (which < 0)
    return found


def day_of_consents(world: "World", logged_in: Ints, person: Ints, channel: Ints, irritates: Floats, day: int) -> None:
    """Who takes back or gives a consent today.

    Withdrawal of its own accord with hazard 1 ÷ mean days × (1 + 10 % a contact of the last 30 days) × e^irritation;
    at a contact (``person``, ``channel``, ``irritates``: how much harder than a text message) by that channel;
    giving of what is not given at a log-in.
    """
    state, rolls = world.consents, world.people.rolls.on(day)
    memory = world.contact.memory
    upset = (1 + _A_CONTACT * memory.load) * np.exp(memory.irritation)
    # One roll a person and day: where it falls among the hazards of the six says which consent goes.
    luck = rolls.uniform("withdraws a consent")
    near = np.flatnonzero(luck < upset * _HAZARDS.sum())
    held = (state.since[:, near] < day) & (state.withdrawn[:, near] == NEVER)
    edges = np.cumsum(np.where(held, upset[near] * _HAZARDS[:, None], 0.0), axis=0)
    which = (luck[near] >= edges).sum(axis=0)
    gone = which < len(CONSENTS)
    _withdraw(state, which[gone], near[gone], day)
    angry = rolls.at(person).on(channel).happens("opts out", opt_out_chance(world, person, channel, irritates, day))
    _withdraw(state, OF_CHANNEL[channel[angry]], person[angry], day)
    _give(state, world.since, logged_in, rolls, day)


def opt_out_chance(world: "World", person: Ints, channel: Ints, irritates: Floats, day: int) -> Floats:
    """Chance that each of these takes back the consent by whose channel they were contacted, at once."""
    base = np.where(world.contact.leanings.dog[person], _DOG_OPTS_OUT, _OPTS_OUT) * irritates
    can = (OF_CHANNEL[channel] >= 0) & holds(world.consents, person, channel, day)
    return np.where(can, np.minimum(base * (1 + _A_CONTACT * world.contact.memory.load[person]), 1.0), 0.0)


def _withdraw(state: Consents, which: Ints, person: Ints, day: int) -> None:
    state.withdrawn[which, person] = day
    state.changed[person] = day


def _give(state: Consents, since: Days, person: Ints, rolls: Rolls, day: int) -> None:
    mine = rolls.at(person)
    moved = mine.happens("gives a consent", _GIVES_LATER * len(CONSENTS)) & (since[person] < day)
    person, which = person[moved], mine.at(np.flatnonzero(moved)).below("which consent", len(CONSENTS))
    open_still = (state.since[which, person] > day) | (state.withdrawn[which, person] < day)
    which, person = which[open_still], person[open_still]
    state.since[which, person] = day
    state.withdrawn[which, person] = NEVER
    state.changed[person] = day
