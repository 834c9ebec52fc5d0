"""Contract of every kind of request that needs a second person."""

import dataclasses
from datetime import date

import pytest

from zhike.core.text import LOCALES
from zhike.operations.approvals.kind import Kind, kinds
from zhike.operations.approvals.payload import canonical, digest, fields_of, from_canonical, parse, shown
from zhike.operations.governance.roles import ROLES

_ALL = list(kinds)


@pytest.mark.parametrize("kind", _ALL, ids=lambda kind: kind.name)
class TestKind:
    def test_says_what_it_is(self, kind: Kind) -> None:
        assert all(kind.title.in_(locale) and kind.meaning.in_(locale) for locale in LOCALES)
        assert kinds.where(kind.name).startswith("zhike/operations/approvals/kinds/")

    def test_is_of_bounded_fields_that_say_their_titles(self, kind: Kind) -> None:
        assert dataclasses.is_dataclass(kind.payload)
        assert fields_of(kind.payload)
        for field in fields_of(kind.payload):
            assert field.asked.title.zh
            assert 1 <= field.asked.most <= 1_000_000
            assert all(field.choices.values()) if field.asked.choices else True

    def test_a_payload_goes_round(self, kind: Kind) -> None:
        given = parse(kind.payload, _example(kind))
        text = canonical(given)
        assert from_canonical(kind.payload, text) == given
        assert len(digest(kind.name, 1, text)) == 64
        assert digest(kind.name, 1, text) != digest(kind.name, 2, text)
        assert [name for name, _, _ in shown(given)] == [field.name for field in fields_of(kind.payload)]

    def test_there_are_people_who_ask_and_others_who_sign(self, kind: Kind) -> None:
        may_ask = [role.name for role in ROLES.values() if {"make_request", kind.ask} <= role.permissions]
        may_sign = [role.name for role in ROLES.values() if {"sign_request", kind.sign} <= role.permissions]
        assert may_ask
        assert set(may_sign) - {"administrator"} or kind.sign == "manage_users", "not all falls to administrators"


def _example(kind: Kind) -> dict[str, object]:
    made = {str: "x", int: 1, date: date(2026, 6, 30)}
    return {field.name: next(iter(field.choices), made[field.type]) for field in fields_of(kind.payload)}
