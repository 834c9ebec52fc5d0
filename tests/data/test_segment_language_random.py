# ruff: noqa: E501 - one case, one line
"""The segment language on random input: no crash, nothing outside the allow-list, the truth of a plain evaluator."""

from datetime import date
from decimal import Decimal
from typing import Any

import ibis
import pyarrow as pa
from chinese import is_chinese
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhike.core.engine import Limits, duckdb_session
from zhike.core.errors import BadInput
from zhike.data.segment_language import Expression, Field, parse
from zhike.data.segment_language.tree import And, Between, Compare, Holds, IsNull, Node, Not, OneOf, Or, depth, size

COLUMNS = {
    "stage": Field("text"),
    "amount_cents": Field("number"),
    "rate": Field("number"),
    "day": Field("date"),
    "segment__a": Field("yes/no"),
    "phone_token": Field("text", personal="token"),
}
_WORDS = [
    "stage", "amount_cents", "rate", "day", "segment__a", "phone_token", "segment('a')", "segment", "and", "or", "not", "in",
    "between", "is", "null", "true", "false", "=", "!=", "<", "<=", ">", ">=", "(", ")", ",", "'x'", "'dormant'", "''", "'", '"',
    "1", "-2.5", "2020-01-01", "'2020-01-01'", "select", ";", "--", "/*", "union", "like", "，", "＝", "“x”", "\\", "\x00", "9" * 20,
]  # fmt: skip
_TEXTS = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(_WORDS), max_size=25).map(" ".join))


@settings(max_examples=1500, deadline=None)
@given(_TEXTS)
def test_any_text_is_read_or_refused(text: str) -> None:
    read = _read(text)
    if isinstance(read, BadInput):
        assert read.text is not None
        assert is_chinese(read.in_("zh")), read.in_("zh")
        return
    expression = read
    assert set(expression.columns) <= set(COLUMNS) - {"phone_token"}
    assert depth(expression.tree) <= 6
    assert size(expression.tree) <= 100
    assert parse(str(expression), COLUMNS) == expression


def _read(text: str) -> Expression | BadInput:
    try:
        return parse(text, COLUMNS)
    except BadInput as fault:
        return fault


_WHOLE = st.integers(-3, 3)
_FRACTION = st.sampled_from([Decimal("0.5"), Decimal("-1.25"), 1, 0])
_DAY = st.dates(date(2020, 1, 1), date(2020, 1, 5))
_TEXT = st.sampled_from(["dormant", "active", "it's", "", "睡眠"])
_VALUES = {"amount_cents": st.one_of(_WHOLE, _FRACTION), "rate": _FRACTION, "day": _DAY, "stage": _TEXT}


@st.composite
def _leaves(draw: st.DrawFn) -> Node:
    column = draw(st.sampled_from([*_VALUES, "segment__a"]))
    if column == "segment__a":
        return draw(
            st.sampled_from([Holds(column), Compare(column, "=", True), Compare(column, "!=", True), IsNull(column)])
        )
    values = _VALUES[column]
    ordered = ["<", "<=", ">", ">="] if column != "stage" else []
    kind = draw(st.sampled_from(["compare", "one_of", "is_null", *(["between"] if ordered else [])]))
    if kind == "compare":
        return Compare(column, draw(st.sampled_from(["=", "!=", *ordered])), draw(values))
    if kind == "one_of":
        return OneOf(column, tuple(draw(st.lists(values, min_size=1, max_size=3))))
    return Between(column, draw(values), draw(values)) if kind == "between" else IsNull(column)


def _branches(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(several.map(And), several.map(Or), inner.map(Not))


_TREES = st.recursive(_leaves(), _branches, max_leaves=8).filter(lambda tree: depth(tree) <= 6 and size(tree) <= 100)
_ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "stage": st.none() | _TEXT,
            "amount_cents": st.none() | _WHOLE,
            "rate": st.none() | _FRACTION.map(float),
            "day": st.none() | _DAY,
            "segment__a": st.none() | st.booleans(),
        }
    ),
    min_size=1,
    max_size=12,
)
_SCHEMA = pa.schema(
    {
        "stage": pa.string(),
        "amount_cents": pa.int64(),
        "rate": pa.float64(),
        "day": pa.date32(),
        "segment__a": pa.bool_(),
    }
)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(_TREES, _ROWS)
def test_equals_a_plain_evaluator(tree: Node, rows: list[dict[str, Any]]) -> None:
    expression = parse(str(Expression(tree)), COLUMNS)
    with duckdb_session({}, Limits()) as session:
        table = pa.Table.from_pylist(rows, _SCHEMA)
        session.add("view", table.append_column("place", pa.array(range(len(rows)))))
        view = ibis.table({**dict(ibis.Schema.from_pyarrow(_SCHEMA).items()), "place": "int64"}, name="view")
        found = session.query(view.select("place", held=expression.predicate(view)).order_by("place"))
    assert found["held"].to_pylist() == [evaluate(tree, row) is True for row in rows]


def evaluate(node: Node, row: dict[str, Any]) -> bool | None:
    """Three-valued logic, written out."""
    if isinstance(node, And | Or):
        parts = [evaluate(child, row) for child in node.nodes]
        decisive = isinstance(node, Or)
        if decisive in parts:
            return decisive
        return None if None in parts else not decisive
    if isinstance(node, Not):
        inner = evaluate(node.node, row)
        return None if inner is None else not inner
    value = row[node.column]
    if isinstance(node, IsNull):
        return value is None
    if value is None:
        return None
    if isinstance(node, Holds):
        return bool(value)
    if isinstance(node, OneOf):
        return any(value == each for each in node.values)
    if isinstance(node, Between):
        return bool(node.low <= value <= node.high)
    return {
        "=": value == node.value, "!=": value != node.value,
        "<": node.operator[0] == "<" and value < node.value, "<=": node.operator == "<=" and value <= node.value,
        ">": node.operator[0] == ">" and value > node.value, ">=": node.operator == ">=" and value >= node.value,
    }[node.operator]  # fmt: skip
