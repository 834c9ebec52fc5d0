"""The log of the online and mobile bank: log-ins, pages, chats, messages that were sent, answers to offers."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhike.sandbox import actions, calendar, damage, deliveries, dialogue, layouts
from zhike.sandbox import text_columns as texts
from zhike.sandbox.columns import NONE, Columns, Ints
from zhike.sandbox.customer_numbers import CustomerNumbers
from zhike.sandbox.dialogue import Answers, Interactions
from zhike.sandbox.parts import Sink
from zhike.sandbox.text_columns import Column
from zhike.sandbox.world import World

EVENTS = ("login", "view", "click", "chat", "message", "answer")
_EVENT_OF = np.full(len(dialogue.KINDS), NONE)
_EVENT_OF[[dialogue.LOGIN, dialogue.VIEW, dialogue.CLICK, dialogue.CHAT, dialogue.MESSAGE]] = range(5)
_ANSWER = 5
_ANSWERED_HERE = (actions.SMS, actions.APP, actions.EMAIL)
_SYSTEMS = ("ios", "android", "harmony")
_MOST_DAYS_LATE = 5
_VERSIONS = ("7.2.0", "7.2.1", "7.3.0")
_DEVICES = pa.array([
    f'"device":{{"os":"{system}","version":"{version}"}},' for system in _SYSTEMS for version in _VERSIONS
])  # fmt: skip


@dataclass(frozen=True)
class _Events(Columns):
    """Lines of the log; `dialogue` says what the numbers mean."""

    person: Ints
    second: Ints
    event: Ints
    channel: Ints
    topic: Ints
    outcome: Ints
    offer: Ints
    answer: Ints
    reference: Ints
    duration: Ints


class DigitalFiles:
    """Writes a day's log."""

    def __init__(self, world: World, customers: CustomerNumbers) -> None:
        self._customers, self._rolls, self._turn = customers, world.people.rolls, world.phones.turn
        self._late: dict[int, list[str]] = {}
        self._upgrade_day, self._first_block = world.parameters.upgrade_day, world.numbers.start == 0

    def write(self, sink: Sink, day: int, base: int, interactions: Interactions, answers: Answers) -> None:
        """Puts the rows of the day into ``sink``, also where there are none."""
        events = _Events.joined([_touches(interactions), _answers(answers)]).by_clock()
        members = self._members(events, day, base)
        order = layouts.DIGITAL_EVENT.in_order(day >= self._upgrade_day)
        places = dict.fromkeys(field.name.partition(".")[0] for field in order)
        lines = _objects([members[place] for place in places])
        extra = self._late.pop(day, [])
        lines = self._with_delays(lines, base + 1 + np.arange(len(events)), day)
        rows = _bytes(lines) + "".join(extra).encode()
        torn = damage.torn_line(rows, calendar.day_of(day), self._first_block)
        sink.put(layouts.DIGITAL_EVENT, rows + torn, len(lines) + len(extra) + bool(torn))

    def _with_delays(self, lines: pa.Array, reference: Ints, day: int) -> pa.Array:
        """Holds back what comes late, and lets some lines stand in the next day's file again."""
        anything = np.ones(len(lines), bool)
        late = deliveries.chosen(deliveries.LATE, reference, anything, day, self._first_block)
        twice = deliveries.chosen(deliveries.TWICE, reference, ~late, day, self._first_block)
        for at in np.flatnonzero(late | twice):
            wait = 1 + int(reference[at] % _MOST_DAYS_LATE) if late[at] else 1
            self._late.setdefault(day + wait, []).append(lines[at].as_py())
        return lines.filter(pa.array(~late)) if late.any() else lines

    def _members(self, events: _Events, day: int, base: int) -> dict[str, Column]:
        """``"name":"value",`` for each event, nothing where there is no value."""
        rolls, date = self._rolls.at(events.person), calendar.day_of(day).isoformat()
        # Who takes another number, or an account over, mostly does it on another device.
        own = rolls.on(self._turn[events.person])
        device = own.below("device", len(_SYSTEMS)) * len(_VERSIONS) + own.below("version", len(_VERSIONS))
        number = texts.numbered("D", base + 1 + np.arange(len(events)), 16)
        return {
            "id": _member('"id":"', number, '",'),
            "at": _member(f'"at":"{date}T', texts.clock(events.second), '+08:00",'),
            "customer": _member('"customer":"', self._customers.of(events.person, day), '",'),
            "event": _words("event", EVENTS, events.event),
            "channel": _words("channel", actions.CHANNELS, events.channel),
            "page": _words("page", dialogue.TOPICS, events.topic),
            "result": _words("result", dialogue.OUTCOMES, events.outcome),
            "offer": _words("offer", actions.OFFERS, events.offer),
            "answer": _words("answer", dialogue.ANSWERS, events.answer),
            "ref": _numbers('"ref":"', events.reference, '",'), "seconds": _numbers('"seconds":', events.duration, ","),
            "device": _DEVICES.take(device),
        }  # fmt: skip


def _touches(interactions: Interactions) -> _Events:
    by_branch = (interactions.kind == dialogue.MESSAGE) & (interactions.channel == actions.BRANCH)
    mine = interactions.at((_EVENT_OF[interactions.kind] != NONE) & ~by_branch)
    channel = np.where(mine.channel == NONE, actions.APP, mine.channel)
    return _Events.of(**{**vars(mine), "event": _EVENT_OF[mine.kind], "channel": channel})


def _answers(answers: Answers) -> _Events:
    mine = answers.at(np.isin(answers.channel, _ANSWERED_HERE))
    return _Events.of(**vars(mine), event=_ANSWER)


def named(words: tuple[str, ...], position: NDArray[np.integer]) -> Column:
    """The word at each position, nothing for NONE."""
    return pa.array(["", *words], pa.large_string()).take(np.asarray(position) + 1)


def reference(number: Ints) -> Column:
    """Whole numbers: references of the bank's own, seconds; nothing for NONE."""
    return pa.compute.if_else(pa.array(number == NONE), "", pa.array(number).cast(pa.string()))


def answered(calls: Interactions, answers: Answers) -> Ints:
    """What was answered in each call: the answer of the same person to the same offer, NONE without one."""
    given = {(int(person), int(offer)): int(answer) for person, offer, answer in zip(
        answers.person, answers.offer, answers.answer, strict=True)}  # fmt: skip
    asked = zip(calls.person.tolist(), calls.offer.tolist(), strict=True)
    return np.array([given.get(key, NONE) for key in asked], np.int64)


def _objects(members: list[Column]) -> pa.Array:
    """One object of JSON a line. The words and numbers of this log need no escaping."""
    whole = pa.compute.utf8_rtrim(pa.compute.binary_join_element_wise(*members, ""), ",")
    return pa.compute.binary_join_element_wise("{", whole, "}\n", "")


def _bytes(lines: pa.Array) -> bytes:
    """The lines behind each other."""
    if not len(lines):
        return b""
    _, ends, content = lines.buffers()
    return bytes(content.to_pybytes()[: np.frombuffer(ends, np.int32)[len(lines)]])


def _member(before: str, values: Column, after: str) -> Column:
    return pa.compute.binary_join_element_wise(before, values.cast(pa.string()), after, "")


def _numbers(before: str, values: Ints, after: str) -> Column:
    written = _member(before, pa.array(values), after)
    return pa.compute.if_else(pa.array(values == NONE), "", written)


def _words(name: str, words: tuple[str, ...], position: Ints) -> Column:
    return pa.array(["", *(f'"{name}":"{word}",' for word in words)]).take(position + 1)
