"""Complaints: what makes people complain and of what, and the steps until a complaint is closed."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox import dialogue, satisfaction
from zhike.sandbox.calendar import day_of
from zhike.sandbox.contact_texts import complaint_text
from zhike.sandbox.dialogue import CALL_IN, CAUSES, CHAT, MESSAGE, VISIT, Complaints, Costs, Interactions
from zhike.sandbox.dice import quantiles
from zhike.sandbox.ledger import Ledger
from zhike.sandbox.service import Troubles

if TYPE_CHECKING:
    from zhike.sandbox.world import World

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

(FEES, COLLECTIONS, MARKETING_CALLS, CARD_APPLICATION, FRAUD_DISPUTE, APP, POINTS, STAFF, INSTALMENTS,
 LIMIT) = range(len(CAUSES))  # fmt: skip
# Planning figure: with all that is added below, about 6,000 complaints a year and million open accounts reach the bank,
# some 4 in 100 of them by way of the regulator.
_A_YEAR, _REGULATOR = 0.0030, 0.04
_CAUSES = quantiles([16, 3, 6, 9, 9, 17, 15, 11, 9, 5], 512)
_CHANNELS = np.array([CALL_IN, CHAT, VISIT, MESSAGE])
_CHANNEL = quantiles([62, 18, 8, 12], 64)
# Of somebody of ordinary satisfaction.
_AFTER_FEE, _AFTER_REFUSAL, _LATE_A_DAY, _AFTER_PASSED_ON, _AFTER_GIVING_UP = 0.0015, 0.0002, 0.00012, 0.003, 0.004
AFTER_CONTACT, DOG_AFTER_CONTACT, A_CONTACT_MORE = 0.00015, 0.004, 0.10
_AFTER_REPORT = 0.03
_MEDIAN_DAYS, _SPREAD = 4.2, 0.72  # until the answer; 15 days are allowed, some are late
_QUICK_DAYS, _LATE_DAYS = 7, 15
COST = 12_000  # fen, planning figure: handling one
_ID_PEOPLE = 10**7


class Desk:
    """Open complaints, by the day of their next steps."""

    def __init__(self) -> None:
        self._by_day: dict[int, list[Complaints]] = {}

    def steps(self, world: "World", day: int) -> Complaints:
        """Answers and closures of the day; late and quick ones move satisfaction."""
        due = Complaints.joined(self._by_day.pop(day, []))
        answered = due.at(due.step == dialogue.ANSWERED)
        waited = day - _day_of(answered.complaint)
        moved = np.select([waited <= _QUICK_DAYS, waited > _LATE_DAYS],
                          [satisfaction.COMPLAINT_QUICK, satisfaction.COMPLAINT_LATE], 0.0)  # fmt: skip
        satisfaction.move(world.contact.satisfaction, answered.person, moved)
        return due

    def take(self, world: "World", received: Complaints, day: int) -> None:
        """Plans the steps of complaints received today."""
        rolls = world.people.rolls.at(received.person).on(day)
        days = np.exp(_SPREAD * rolls.normal("days of a complaint")) * _MEDIAN_DAYS
        answered = 1 + np.minimum(days, 60).astype(np.int64)
        closed = answered + rolls.below("days until closed", 4)
        for step, ahead in ((dialogue.ANSWERED, answered), (dialogue.CLOSED, closed)):
            second = 32_400 + 3_600 * step + rolls.on(step).below("second of a step", 25_000)
            rows = Complaints(**{**vars(received), "step": np.full(len(received), step), "second": second})
            for one in np.unique(ahead):
                self._by_day.setdefault(day + int(one), []).append(rows.at(ahead == one))


def of_day(
    world: "World", lively: Floats, troubles: Troubles, served: Interactions, contacts: tuple[Ints, Floats], day: int
) -> tuple[Complaints, Interactions]:  # fmt: skip
    """Complaints received today, at most one a person, and the calls, chats and visits by which they come.

    ``contacts``: people contacted and how much harder than a text message it bothers each.
    """
    state, rolls = world.contact.satisfaction, world.people.rolls.on(day)
    luck = rolls.uniform("complains")
    any_ = np.flatnonzero(luck < _A_YEAR / 365 * satisfaction.MOST_UNEASE)
    likely = _A_YEAR / 365 * np.minimum(lively[any_] * 2, 1.0) * satisfaction.unease(state, any_)
    any_ = any_[luck[any_] < likely]
    parts = [(any_, rolls.at(any_).drawn("cause", _CAUSES))]
    for cause, who, chance in _reasons(world, troubles, served, contacts, day):
        likely = np.minimum(chance * satisfaction.unease(state, who), 0.5)
        moved = who[rolls.at(who).on(cause).happens("complains of it", likely)]
        parts.append((moved, np.full(len(moved), cause)))
    return _received(world, np.concatenate([each for each, _ in parts]), np.concatenate([c for _, c in parts]), day)


def _reasons(
    world: "World", troubles: Troubles, served: Interactions, contacts: tuple[Ints, Floats], day: int
) -> list[tuple[int, Ints, Floats]]:
    """Cause, people, and the chance for each of them if they were of ordinary satisfaction."""
    person, bother = contacts
    many = 1 + A_CONTACT_MORE * world.contact.memory.load[person]
    base = np.where(world.contact.leanings.dog[person], DOG_AFTER_CONTACT, AFTER_CONTACT)
    passed, gave_up = (served.person[served.outcome == outcome] for outcome in (dialogue.PASSED_ON, dialogue.GAVE_UP))
    late = _late(world.ledger, world.accounts.person, day)
    others = (
        (FEES, troubles.charged, _AFTER_FEE), (LIMIT, troubles.refused, _AFTER_REFUSAL),
        (FRAUD_DISPUTE, troubles.robbed, _AFTER_REPORT), (COLLECTIONS, late, _LATE_A_DAY),
        (STAFF, passed, _AFTER_PASSED_ON), (STAFF, gave_up, _AFTER_GIVING_UP),
    )  # fmt: skip
    by_contact = (MARKETING_CALLS, person, base * bother * many)
    return [by_contact, *((cause, who, np.full(len(who), chance)) for cause, who, chance in others)]


def costs(received: Complaints) -> Costs:
    """What handling them costs the bank, booked on the day they come."""
    return Costs.of(person=received.person, kind=dialogue.SERVICE, amount=COST)


def _received(world: "World", person: Ints, cause: Ints, day: int) -> tuple[Complaints, Interactions]:
    person, first = np.unique(person, return_index=True)
    cause, rolls = cause[first], world.people.rolls.at(person).on(day)
    channel = _CHANNELS[rolls.drawn("complaint channel", _CHANNEL)]
    second = 32_400 + rolls.below("complaint second", 36_000)
    number = int(day_of(day).strftime("%Y%m%d")) * _ID_PEOPLE + world.people.number[person]
    text = complaint_text(cause, rolls)
    received = Complaints.of(
        person=person, second=second, complaint=number, step=dialogue.RECEIVED, cause=cause, channel=channel, text=text,
        regulator=rolls.happens("by the regulator", _REGULATOR),
    )  # fmt: skip
    came = received.at((channel != MESSAGE) & (received.regulator == 0))
    by = np.full(len(dialogue.KINDS), -1)
    by[[CALL_IN, CHAT, VISIT]] = (1, 2, 4)
    touches = Interactions.of(
        person=came.person, second=came.second - 300, kind=came.channel, topic=dialogue.COMPLAINT,
        outcome=dialogue.PASSED_ON, channel=by[came.channel], duration=300,
    )  # fmt: skip
    return received, touches


def _late(ledger: Ledger, person: NDArray[np.integer], day: int) -> Ints:
    """People with an account more than ten days past due, whom collectors call."""
    return np.unique(person[ledger.late_days(day) > 10]).astype(np.int64)


def _day_of(complaint: Ints) -> Ints:
    """The day on which complaints were received, out of their numbers."""
    date = complaint // _ID_PEOPLE
    year, month, day = date // 10_000, date // 100 % 100, date % 100
    months = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    return months.astype("datetime64[D]").astype(np.int64) + day - 1
