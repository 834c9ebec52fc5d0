"""The rows of the branch CRM: relationship managers, the register, visits."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhike.sandbox import actions, calendar, dialogue, layouts
from zhike.sandbox import text_columns as texts
from zhike.sandbox.branches import BRANCHES, home
from zhike.sandbox.contact_texts import NOTES
from zhike.sandbox.crm import NOBODY, Register, managers
from zhike.sandbox.customer_numbers import CustomerNumbers
from zhike.sandbox.dialogue import Answers, Interactions
from zhike.sandbox.digital_files import answered, named, reference
from zhike.sandbox.parts import Sink
from zhike.sandbox.places import DISTRICTS
from zhike.sandbox.record import Record
from zhike.sandbox.world import Today, World

Ints = NDArray[np.int64]
ENCODING = "gb18030"

# Chance that somebody touches a record on a day.
_EDITED = 1 / 400
_GRADES = ("A", "B", "C", "D")
_REMARKS = (
    "", "", "", "喜欢傍晚联系", "老客户，客气", "有子女在外地上学", "关注理财，对费用敏感", "拆迁户，资金较多",
    "不愿意接营销电话", "prefers English", "开店，旺季忙", "更新联系方式", "已介绍手机银行",
)  # fmt: skip


class CrmFiles:
    """Writes a day's rows and remembers who was touched when."""

    def __init__(self, world: World, register: Register, customers: CustomerNumbers) -> None:
        self._customers, self._home = customers, home(world.people.city, world.people.rolls)
        self._register, self._first_block = register, world.numbers.start == 0
        self._upgrade_day = world.parameters.upgrade_day
        self._edits = np.zeros(len(register), np.int64)
        self._changed = register.since.copy()
        self._divisions = pa.array([district.code for district in DISTRICTS])
        self._branches = pa.array([branch.code for branch in BRANCHES])
        self._managers = pa.array([number for number, _ in managers()])
        first = {branch: at for at, (_, branch) in reversed(list(enumerate(managers())))}
        self._manager_of = np.array([first.get(branch.code, 0) for branch in BRANCHES])

    def write(self, today: Today, sink: Sink) -> None:
        """The register: in full on the first day of a month, else what was touched."""
        day, own = today.day, self._register
        if today.first and self._first_block:
            numbers, places = zip(*managers(), strict=True)
            columns = {
                "manager_no": pa.array(numbers), "branch_no": pa.array(places),
                "role": texts.same("relationship_manager", len(numbers)),
            }  # fmt: skip
            _put(sink, layouts.CRM_MANAGER, columns, False)
        there = own.since <= day
        edited = there & (own.since < day) & own.rolls.on(day).happens("edited", 0.0 if today.first else _EDITED)
        self._edits[edited] += 1
        self._changed[edited] = day
        full = today.first or calendar.day_of(day).day == 1
        which = np.flatnonzero(there if full else edited | (own.since == day))
        if len(which):
            _put(sink, layouts.CRM_CUSTOMER, self._columns(which), day >= self._upgrade_day)

    def _columns(self, which: NDArray[np.intp]) -> dict[str, texts.Column]:
        own, edits = self._register, self._edits[which]
        rolls = own.rolls.at(which)
        remark = (rolls.below("remark", len(_REMARKS)) + edits) % len(_REMARKS)
        grade = (rolls.below("grade", len(_GRADES)) + edits // 3) % len(_GRADES)
        manager = self._manager_of[own.branch[which]] + rolls.below("manager", 2)
        return {
            "crm_no": own.number.take(which),
            "kind": pa.array(["C", "P"]).take((own.person[which] == NOBODY).astype(int)),
            "name": own.name.take(which), "id_no": own.identity.take(which), "phone": own.phone.take(which),
            "birth_date": texts.days(own.birth[which]), "sex": pa.array(["M", "F"]).take(own.female[which].astype(int)),
            "division": self._divisions.take(own.district[which]), "branch_no": self._branches.take(own.branch[which]),
            "manager_no": self._managers.take(manager), "grade": pa.array(_GRADES).take(grade),
            "remark": pa.array(_REMARKS).take(remark), "since": texts.days(own.since[which]),
            "changed": texts.days(self._changed[which]),
        }  # fmt: skip

    def visits(self, sink: Sink, day: int, base: int, interactions: Interactions, answers: Answers) -> None:
        """Who came to a branch or was spoken to by one, and what was answered."""
        asked = (interactions.kind == dialogue.MESSAGE) & (interactions.channel == actions.BRANCH)
        came = interactions.at(asked | (interactions.kind == dialogue.VISIT))
        count = len(came)
        if not count:
            return
        answer = answered(came, answers.at(answers.channel == actions.BRANCH))
        _put(sink, layouts.CRM_VISIT, {
            "visit_no": texts.numbered("V", base + 1 + np.arange(count), 16),
            "customer_no": self._customers.of(came.person, day),
            "branch_no": self._branches.take(self._home[came.person]), "day": texts.days(np.full(count, day)),
            "time": texts.clock(came.second),
            "direction": pa.array(["out", "in"]).take((came.kind == dialogue.VISIT).astype(int)),
            "topic": named(dialogue.TOPICS, came.topic), "result": named(dialogue.OUTCOMES, came.outcome),
            "offer": named(actions.OFFERS, came.offer), "answer": named(dialogue.ANSWERS, answer),
            "ref": reference(came.reference), "remark": named(NOTES, came.text),
        }, False)  # fmt: skip


def _put(sink: Sink, record: Record, columns: dict[str, texts.Column], upgraded: bool) -> None:
    table = texts.in_order(record, columns, upgraded)
    sink.put(record, texts.delimited(table, encoding=ENCODING), table.num_rows)
