"""Faults speak the reader's language: what a reader of the console can meet has both."""

import ast
from pathlib import Path

import pytest
from chinese import is_chinese
from interfaces.logging_in import signed_in

import zhike
from zhike.core import errors
from zhike.core.actor import Actor
from zhike.core.errors import BadInput, Forbidden
from zhike.core.text import Text

_SOURCE = Path(zhike.__file__).parent
_READ = (
    "core/actor.py", "core/engine.py", "operations/customers/reading.py", "operations/customers/segments.py",
    "operations/customers/queries.py", "operations/customers/standing.py", "operations/governance/queries.py",
    "operations/governance/vault.py", "operations/marketing/queries.py",
    *sorted(path.relative_to(_SOURCE).as_posix() for path in (_SOURCE / "data/segment_language").glob("*.py")),
)  # fmt: skip
_OPERATORS_ONLY = {"ZHIKE_ENGINE=spark needs pyspark: install zhike[spark]."}


def test_a_fault_is_english_to_a_log_and_both_to_a_reader() -> None:
    fault = BadInput(Text("不行", "No"))
    assert (str(fault), fault.in_("zh"), fault.in_("en")) == ("No", "不行", "No")
    plain = BadInput("No")
    assert (plain.text, plain.in_("zh")) == (None, "No")


@pytest.mark.parametrize("name", _READ)
def test_what_a_reader_can_meet_is_said_in_both_languages(name: str) -> None:
    kinds = {each for each, kind in vars(errors).items() if isinstance(kind, type)} - {"Text", "Invariant"}
    raised = [node.exc for node in ast.walk(ast.parse((_SOURCE / name).read_text())) if isinstance(node, ast.Raise)]
    calls = [each for each in raised if isinstance(each, ast.Call) and getattr(each.func, "id", "") in kinds]
    english = [each.args[0] for each in calls if isinstance(each.args[0], ast.Constant | ast.JoinedStr)]
    assert [ast.unparse(each) for each in english if getattr(each, "value", "") not in _OPERATORS_ONLY] == []


def test_a_missing_right_is_said_in_both_languages() -> None:
    with pytest.raises(Forbidden) as refused:
        Actor("staff", "wu").require("view_customer")
    assert str(refused.value) == "wu may not view customer: ask an administrator for this right."
    assert is_chinese(refused.value.in_("zh"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "said"), [("zh-hans", "尚未发布数据：请先加载"), ("en", "Nothing is published yet: load, build")]
)
def test_that_nothing_is_published_is_said_to_the_reader(language: str, said: str) -> None:
    client = signed_in("lin", "administrator")
    client.cookies["zhike-language"] = language
    body = client.get("/customers/").content.decode()
    assert said in body
    other = "Nothing is published" if language != "en" else "尚未发布数据"
    assert other not in body
