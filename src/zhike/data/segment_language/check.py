"""Which columns a condition may name, and whether its values fit them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Literal

import ibis
from lark import Token

from zhike.core.errors import BadInput
from zhike.data.schema import Personal
from zhike.data.segment_language.faults import SQL_WORDS, shown, words_of
from zhike.data.segment_language.tree import (
    SEGMENT_PREFIX,
    And,
    Between,
    Compare,
    Holds,
    Leaf,
    Node,
    Not,
    OneOf,
    Or,
    Value,
)

Kind = Literal["number", "text", "date", "yes/no"]


@dataclass(frozen=True)
class Field:
    """A column that a condition may name. A ``token`` points at one person and is refused in a condition; ``codes``
    are the only texts there are, where that is known."""

    kind: Kind
    personal: Personal = "none"
    codes: tuple[str, ...] = ()


def fields(schema: ibis.Schema, personal: Mapping[str, Personal] | None = None) -> dict[str, Field]:
    """The allow-list of a view: its number, text, date and yes/no columns; ``customer_id`` counts as a token."""
    classes: dict[str, Personal] = {"customer_id": "token", **(personal or {})}
    kinds = {name: _kind(dtype) for name, dtype in schema.items()}
    return {name: Field(kind, classes.get(name, "none")) for name, kind in kinds.items() if kind}


def _kind(dtype: ibis.DataType) -> Kind | None:
    if dtype.is_boolean():
        return "yes/no"
    if dtype.is_numeric():
        return "number"
    if dtype.is_string():
        return "text"
    return "date" if dtype.is_date() else None


def check(node: Node, columns: Mapping[str, Field]) -> Node:
    """The same tree with plain names and values of the columns' types; raises BadInput."""
    if isinstance(node, And):
        return And(tuple(check(child, columns) for child in node.nodes))
    if isinstance(node, Or):
        return Or(tuple(check(child, columns) for child in node.nodes))
    if isinstance(node, Not):
        return Not(check(node.node, columns))
    return _leaf(node, columns)


def _leaf(node: Leaf, columns: Mapping[str, Field]) -> Leaf:
    field = _field(node.column, columns)
    plain = replace(node, column=str(node.column))
    if isinstance(plain, Compare):
        _comparable(plain, field, node.column)
        return replace(plain, value=_fitted(plain.value, field, node.column))
    if isinstance(plain, OneOf):
        return replace(plain, values=tuple(_fitted(value, field, node.column) for value in plain.values))
    if isinstance(plain, Between):
        _comparable(Compare(plain.column, "<=", plain.low), field, node.column)
        return replace(plain, low=_fitted(plain.low, field, node.column), high=_fitted(plain.high, field, node.column))
    if isinstance(plain, Holds) and field.kind != "yes/no":
        raise _fault(node.column, f"{plain.column} is a {field.kind} column: compare it with a value")
    return plain


def _field(name: str, columns: Mapping[str, Field]) -> Field:
    field = columns.get(name)
    if field is not None and field.personal != "token":
        return field
    if field is not None:
        raise _fault(name, f"{shown(name)} points at one person and cannot be part of a segment")
    if name.lower() in SQL_WORDS:
        raise _fault(name, f"{shown(name)} is a word of SQL and not of this language", words_of())
    allowed = sorted(column for column, known in columns.items() if known.personal != "token")
    if name.startswith(SEGMENT_PREFIX):
        known = [column.removeprefix(SEGMENT_PREFIX) for column in allowed if column.startswith(SEGMENT_PREFIX)]
        wanted = name.removeprefix(SEGMENT_PREFIX)
        raise _fault(name, f"there is no segment {shown(wanted)}", f"There are: {', '.join(known) or 'none'}.")
    near = get_close_matches(name.lower(), allowed, n=3, cutoff=0.5)
    advice = f"Nearest: {', '.join(near)}." if near else f"There are: {', '.join(allowed)}."
    raise _fault(name, f"there is no column {shown(name)}", advice)


def _comparable(node: Compare, field: Field, name: str) -> None:
    if node.operator in ("=", "!=") or field.kind in ("number", "date"):
        return
    # The order of texts depends on the collation of the engine; of yes/no there is none.
    raise _fault(name, f"{node.column} is a {field.kind} column: compare it with =, != or in (…)")


def _fitted(value: Value, field: Field, name: str) -> Value:
    if field.kind == "date":
        return _day(value, name)
    kind = _kind_of(value)
    if kind != field.kind:
        example = {"number": "100", "text": "'text'", "yes/no": "true"}[field.kind]
        raise _fault(
            name,
            f"{name} is a {field.kind} column and {shown(str(value))} is a {kind}",
            f"Write for example {name} = {example}.",
        )
    if field.codes and value not in field.codes:
        raise _fault(name, f"{name} is never {shown(str(value))}", f"It is one of: {', '.join(field.codes)}.")
    return value


def _day(value: Value, name: str) -> date:
    try:
        return value if isinstance(value, date) else date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise _fault(
            name, f"{name} is a date column and {shown(str(value))} is no date", "Write it as 'YYYY-MM-DD'."
        ) from None


def _kind_of(value: Value) -> Kind:
    if isinstance(value, bool):
        return "yes/no"
    if isinstance(value, int | Decimal):
        return "number"
    return "text" if isinstance(value, str) else "date"


def _fault(name: str, what: str, advice: str = "") -> BadInput:
    place = f", position {(name.start_pos or 0) + 1}" if isinstance(name, Token) else ""
    return BadInput(f"Segment expression{place}: {what}. {advice}".strip())
