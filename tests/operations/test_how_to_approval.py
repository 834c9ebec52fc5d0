"""docs/how-to/add-an-approval-kind.md works as it is written: one file, and it is asked for, signed and done."""

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from approving import acting, sign, user
from registries.test_kinds_registry import TestKind

from zhike.operations.approvals import actions, queries
from zhike.operations.approvals.kind import Kind, kinds
from zhike.operations.governance.actors import system_actor
from zhike.operations.governance.belonging import branches_keep

_HOW_TO = (Path(__file__).parents[2] / "docs/how-to/add-an-approval-kind.md").read_text()
_BRANCH = {"parent_id": None, "name": "分行", "valid_from": "2025-01-01", "valid_to": None}


@pytest.fixture
def added(tmp_path: Path) -> Iterator[Kind]:
    """The example's file beside the shipped kinds."""
    kinds.all()
    name = re.search(r"kinds/(\w+)\.py`:", _HOW_TO)[1]
    path = tmp_path / f"{name}.py"
    path.write_text(re.search(r"```python\n(.*?)```", _HOW_TO, re.S)[1])
    spec = importlib.util.spec_from_file_location(f"zhike.operations.approvals.kinds.{name}", path)
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
    yield kinds.get(name)
    kinds._entries.pop(name)
    kinds._places.pop(name)


@pytest.mark.django_db
def test_the_example_is_asked_for_signed_and_done(added: Kind) -> None:
    branches_keep(system_actor(), versions=[{**_BRANCH, "branch_id": number} for number in (10, 20)])
    maker, checker = user("lin"), user("wu")
    user("zhou", "branch_manager")
    given = {"user": "zhou", "branch": "20"}
    number = actions.request_make(maker, kind=added.name, given=given, reason="stands in at branch 20")
    actions.request_open(maker, request_id=number)
    told = queries.request_get(checker, number).current.effect.sentences("en")
    assert told == ["zhou works for 1 branches instead of 0."]
    assert sign(checker, number).state == "applied"
    assert acting("zhou").scope.branches == {20}


def test_the_example_keeps_the_contract(added: Kind) -> None:
    contract = TestKind()
    contract.test_is_of_bounded_fields_that_say_their_titles(added)
    contract.test_a_payload_goes_round(added)
    contract.test_there_are_people_who_ask_and_others_who_sign(added)
