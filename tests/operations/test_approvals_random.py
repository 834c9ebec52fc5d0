"""Random sequences of everything people do with requests, against a reference model of sixty lines."""

import random
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from approving import made_kind, user
from trust.goals import SEED, share

from zhike.core.errors import BadInput, Conflict, Forbidden, NotFound
from zhike.operations.approvals import actions, queries
from zhike.operations.approvals.delegations import delegation_begin, delegation_end
from zhike.operations.approvals.signing import request_refuse, request_sign
from zhike.operations.governance.belonging import today

ADMINISTRATORS, MARKETERS = ("lin", "wu", "zhao"), ("sun", "qian")
STEPS = 80


@dataclass
class Known:
    """One request as the model knows it; ``signed`` are (hand, right behind it) on the current version."""

    maker: str
    needed: int
    text: str
    state: str = "draft"
    version: int = 1
    signed: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Model:
    """What should be: who may sign follows from role and delegation, never for the maker."""

    requests: dict[int, Known] = field(default_factory=dict)
    lent: dict[int, tuple[str, str]] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)

    def rights(self, who: str, maker: str) -> list[str]:
        if who == maker:
            return []
        if who in ADMINISTRATORS:
            return [who]
        return [giver for _, (giver, taker) in sorted(self.lent.items()) if taker == who and giver != maker]

    def sign(self, who: str, number: int, version: int) -> bool:
        known = self.requests[number]
        rights = self.rights(who, known.maker)
        if not rights or known.state != "open" or version != known.version:
            return False
        if who in {hand for hand, _ in known.signed} or rights[0] in {right for _, right in known.signed}:
            return False
        known.signed.append((who, rights[0]))
        if len(known.signed) == known.needed:
            known.state = "applied"
            self.done.append(known.text)
        return True

    def refuse(self, who: str, number: int) -> bool:
        known = self.requests[number]
        rights = self.rights(who, known.maker)
        hands, used = {hand for hand, _ in known.signed}, {right for _, right in known.signed}
        may = bool(rights) and known.state == "open" and who not in hands and rights[0] not in used
        if may:
            known.state = "refused"
        return may


class Walk:
    """The real thing and the model, step by step."""

    def __init__(self, seed: int, signatures: int, bench) -> None:
        self.chance, self.needed, self.bench, self.model = random.Random(seed), signatures, bench, Model()
        self.steps = 0
        self.people = {name: user(name) for name in ADMINISTRATORS} | {
            name: user(name, "marketer") for name in MARKETERS
        }

    def step(self) -> None:
        self.steps += 1
        once = [self.make, self.edit, self.withdraw, self.lend, self.end, self.refuse]
        self.chance.choice([*once, *[self.open] * 3, *[self.sign] * 8])()
        if self.steps % 4 == 0:
            self.compare()

    def who(self) -> str:
        return self.chance.choice(list(self.people))

    def which(self) -> tuple[int, Known] | None:
        return self.chance.choice(sorted(self.model.requests.items())[-4:]) if self.model.requests else None

    def make(self) -> None:
        who, text = self.who(), f"text {self.chance.randrange(10**6)}"
        given = {"text": text, "people": 5}
        number = actions.request_make(self.people[who], kind="sending", given=given, reason="why")
        self.model.requests[number] = Known(who, self.needed, text)

    def attempt(self, expected: bool, does) -> None:
        try:
            does()
        except (BadInput, Conflict, Forbidden, NotFound):
            done = False
        else:
            done = True
        assert done == expected, f"step {self.steps}"

    def owned(self, state: tuple[str, ...], does, after) -> None:
        if (found := self.which()) is None:
            return
        number, known = found
        who = self.chance.choice([known.maker, self.who()])
        expected = who == known.maker and known.state in state
        self.attempt(expected, lambda: does(self.people[who], number))
        if expected:
            after(known)

    def open(self) -> None:
        self.owned(
            ("draft",), lambda who, number: actions.request_open(who, request_id=number),
            lambda known: setattr(known, "state", "open"),
        )  # fmt: skip

    def withdraw(self) -> None:
        if self.chance.random() < 0.3:
            self.owned(
                ("draft", "open"), lambda who, number: actions.request_withdraw(who, request_id=number),
                lambda known: setattr(known, "state", "withdrawn"),
            )  # fmt: skip

    def edit(self) -> None:
        text = f"edit {self.chance.randrange(10**6)}"

        def after(known: Known) -> None:
            known.version, known.text, known.signed = known.version + 1, text, []

        given = {"text": text, "people": 5}
        self.owned(
            ("draft", "open"),
            lambda who, number: actions.request_edit(who, request_id=number, given=given, reason="why"),
            after,
        )

    def sign(self) -> None:
        if (found := self.which()) is None:
            return
        number, known = found
        who, version = self.who(), max(1, known.version - (self.chance.random() < 0.2))
        expected = self.model.sign(who, number, version)
        self.attempt(expected, lambda: request_sign(self.people[who], request_id=number, version=version))

    def refuse(self) -> None:
        if self.chance.random() < 0.3 and (found := self.which()) is not None:
            number, known = found
            who, version = self.who(), known.version
            expected = self.model.refuse(who, number)
            self.attempt(
                expected, lambda: request_refuse(self.people[who], request_id=number, version=version, remark="no")
            )

    def lend(self) -> None:
        giver, taker = self.who(), self.who()
        expected = giver in ADMINISTRATORS and giver != taker
        until = today() + timedelta(days=365) if self.chance.random() < 0.1 else None
        made: list[int] = []
        end = until or today() + timedelta(days=self.chance.randint(1, 92))
        self.attempt(
            expected and until is None,
            lambda: made.append(
                delegation_begin(self.people[giver], delegate=taker, kind="sending", valid_from=today(), valid_to=end)
            ),
        )
        if made:
            self.model.lent[made[0]] = (giver, taker)

    def end(self) -> None:
        if self.model.lent:
            number = self.chance.choice(sorted(self.model.lent))
            delegation_end(self.people[self.model.lent.pop(number)[0]], delegation_id=number)

    def compare(self) -> None:
        assert [text for text, _ in self.bench.done] == self.model.done
        for who, actor in self.people.items():
            waiting = {row.id for row in queries.request_list(actor, "waiting", 200)}
            for number, known in self.model.requests.items():
                can = known.state == "open" and self.model.rights(who, known.maker)
                if can and who not in {hand for hand, _ in known.signed}:
                    assert number in waiting
                else:
                    assert number not in waiting
        for row in queries.request_list(self.people["lin"], "mine", 200):
            known = self.model.requests[row.id]
            assert (row.state, row.version, row.given) == (known.state, known.version, len(known.signed))


@pytest.mark.django_db
@pytest.mark.parametrize("case", range(share(4, 100)))
def test_random_sequences_go_as_the_model_says(case: int) -> None:
    seed = SEED + case
    again = f"ZHIKE_TRUST_SEED={SEED} .venv/bin/pytest tests/operations/{Path(__file__).name} -k 'says[{case}]'"
    print(f"seed {seed}; replay: {again}")
    with made_kind(sign="manage_users", signatures=1 + case % 2) as bench:
        walk = Walk(seed, 1 + case % 2, bench)
        for _ in range(STEPS):
            walk.step()
        assert walk.model.done, "a walk in which nothing is ever applied tells little"
