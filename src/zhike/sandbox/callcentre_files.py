"""The call centre's workbook: a month of calls, complaints and surveys, kept until the month is over."""

import json
from typing import Any

import numpy as np
import pyarrow as pa

from zhike.sandbox import actions, calendar, dialogue, layouts
from zhike.sandbox import text_columns as texts
from zhike.sandbox.contact_texts import COMPLAINTS, NOTES
from zhike.sandbox.customer_numbers import CustomerNumbers
from zhike.sandbox.dialogue import CALL_IN, CALL_OUT, Answers, Complaints, Interactions, Surveys
from zhike.sandbox.digital_files import answered, named, reference
from zhike.sandbox.parts import Sink
from zhike.sandbox.record import Record
from zhike.sandbox.text_columns import Column
from zhike.sandbox.world import World

# Complaints and surveys name a channel by the kind of the contact they came by.
_CAME_BY = tuple({"call_in": "phone", "call_out": "phone", "chat": "app", "visit": "branch"}.get(kind, "app")
                 for kind in dialogue.KINDS)  # fmt: skip


class CallCentreFiles:
    """Keeps a month's rows of a block and puts them when the month ends."""

    def __init__(self, world: World, customers: CustomerNumbers) -> None:
        self._customers, self._last_day = customers, world.parameters.last_day
        self._kept: dict[str, list[pa.Table]] = {}

    def keep(self, day: int, base: int, interactions: Interactions, answers: Answers) -> None:
        """Takes in the calls of a day, each with what was answered in it."""
        calls = interactions.at(np.isin(interactions.kind, (CALL_IN, CALL_OUT)))
        count = len(calls)
        answer = answered(calls, answers.at(answers.channel == actions.PHONE))
        self._add(layouts.CALL, {
            "call_no": texts.numbered("T", base + 1 + np.arange(count), 16), **self._who(calls, day),
            "direction": pa.array(["out", "in"]).take((calls.kind == CALL_IN).astype(int)),
            "topic": named(dialogue.TOPICS, calls.topic), "result": named(dialogue.OUTCOMES, calls.outcome),
            "seconds": reference(calls.duration), "offer": named(actions.OFFERS, calls.offer),
            "answer": named(dialogue.ANSWERS, answer), "ref": reference(calls.reference),
            "remark": named(NOTES, calls.text),
        })  # fmt: skip

    def keep_heard(self, day: int, base: int, complaints: Complaints, surveys: Surveys) -> None:
        """Takes in the steps of complaints and the answers to surveys."""
        count = len(complaints)
        self._add(layouts.COMPLAINT, {
            "step_no": texts.numbered("P", base + 1 + np.arange(count), 16),
            "complaint_no": texts.numbered("CP", complaints.complaint, 16), **self._who(complaints, day),
            "step": named(dialogue.STEPS, complaints.step), "cause": named(dialogue.CAUSES, complaints.cause),
            "channel": named(_CAME_BY, complaints.channel),
            "regulator": pa.array(["N", "Y"]).take((complaints.regulator == 1).astype(int)),
            "text": named(COMPLAINTS, complaints.text),
        })  # fmt: skip
        self._add(layouts.SURVEY, {
            "survey_no": texts.numbered("Q", base + 1 + np.arange(len(surveys)), 16), **self._who(surveys, day),
            "kind": named(dialogue.SURVEYS, surveys.kind), "score": reference(surveys.score),
            "channel": named(_CAME_BY, surveys.channel),
        })  # fmt: skip

    def write(self, sink: Sink, day: int) -> None:
        """On the last day of a month, and of the bank: puts what was kept."""
        if calendar.day_of(day + 1).day != 1 and day != self._last_day:
            return
        for record in (layouts.CALL, layouts.COMPLAINT, layouts.SURVEY):
            whole = pa.concat_tables(self._kept.pop(record.name, []))
            rows = zip(*(column.to_pylist() for column in whole.columns), strict=True)
            lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
            sink.put(record, lines.encode(), whole.num_rows)

    def _who(self, rows: Any, day: int) -> dict[str, Column]:
        return {
            "customer_no": self._customers.of(rows.person, day), "day": texts.days(np.full(len(rows), day)),
            "time": texts.clock(rows.second),
        }  # fmt: skip

    def _add(self, record: Record, columns: dict[str, Column]) -> None:
        wide = {name: column.cast(pa.large_string()) for name, column in columns.items()}
        self._kept.setdefault(record.name, []).append(texts.in_order(record, wide, False))
