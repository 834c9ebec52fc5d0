"""Which columns a condition may name, and whether its values fit them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Literal

import ibis
from lark import Token

from zhike.core.text import Text
from zhike.data.schema import Personal
from zhike.data.segment_language.faults import SQL_WORDS, WORDS, ExpressionFault, fault, of_sql, shown
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
_KINDS: dict[Kind, str] = {"number": "数字", "text": "文字", "date": "日期", "yes/no": "是/否"}


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
    """The same tree with plain names and values of the columns' types; raises ExpressionFault."""
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
        raise _fault(node.column, _is_of_kind(plain.column, field, "请与一个值比较", "compare it with a value"))
    return plain


def _field(name: str, columns: Mapping[str, Field]) -> Field:
    field = columns.get(name)
    if field is not None and field.personal != "token":
        return field
    if field is not None:
        what = Text(
            f"{shown(name)} 指向个人，不能用于客群",
            f"{shown(name)} points at one person and cannot be part of a segment",
        )
        raise _fault(name, what)
    if name.lower() in SQL_WORDS:
        raise _fault(name, of_sql(name), WORDS)
    raise _unknown(name, sorted(column for column, known in columns.items() if known.personal != "token"))


def _unknown(name: str, allowed: list[str]) -> ExpressionFault:
    if name.startswith(SEGMENT_PREFIX):
        there = [column.removeprefix(SEGMENT_PREFIX) for column in allowed if column.startswith(SEGMENT_PREFIX)]
        wanted = shown(name.removeprefix(SEGMENT_PREFIX))
        return _fault(name, Text(f"没有客群 {wanted}", f"there is no segment {wanted}"), _there_are(there))
    near = get_close_matches(name.lower(), allowed, n=3, cutoff=0.5)
    nearest = Text(f"最接近的有：{'、'.join(near)}。", f"Nearest: {', '.join(near)}.")
    what = Text(f"没有列 {shown(name)}", f"there is no column {shown(name)}")
    return _fault(name, what, nearest if near else _there_are(allowed))


def _there_are(names: Sequence[str]) -> Text:
    return Text(f"现有：{'、'.join(names) or '无'}。", f"There are: {', '.join(names) or 'none'}.")


def _comparable(node: Compare, field: Field, name: str) -> None:
    if node.operator in ("=", "!=") or field.kind in ("number", "date"):
        return
    # The order of texts depends on the collation of the engine; of yes/no there is none.
    raise _fault(name, _is_of_kind(node.column, field, "请用 =、!= 或 in (…) 比较", "compare it with =, != or in (…)"))


def _is_of_kind(column: str, field: Field, then_zh: str, then_en: str) -> Text:
    return Text(f"{column} 为{_KINDS[field.kind]}列：{then_zh}", f"{column} is a {field.kind} column: {then_en}")


def _fitted(value: Value, field: Field, name: str) -> Value:
    if field.kind == "date":
        return _day(value, name)
    kind = _kind_of(value)
    if kind != field.kind:
        given = shown(str(value))
        what = Text(
            f"{name} 为{_KINDS[field.kind]}列，而 {given} 为{_KINDS[kind]}值",
            f"{name} is a {field.kind} column and {given} is a {kind}",
        )
        example = f"{name} = " + {"number": "100", "text": "'text'", "yes/no": "true"}[field.kind]
        raise _fault(name, what, Text(f"例如写 {example}。", f"Write for example {example}."))
    if field.codes and value not in field.codes:
        what = Text(f"{name} 没有值 {shown(str(value))}", f"{name} is never {shown(str(value))}")
        choice = Text(f"可用的值：{'、'.join(field.codes)}。", f"It is one of: {', '.join(field.codes)}.")
        raise _fault(name, what, choice)
    return value


def _day(value: Value, name: str) -> date:
    try:
        return value if isinstance(value, date) else date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        what = Text(
            f"{name} 为日期列，而 {shown(str(value))} 不是日期",
            f"{name} is a date column and {shown(str(value))} is no date",
        )
        raise _fault(name, what, Text("请写成 'YYYY-MM-DD'。", "Write it as 'YYYY-MM-DD'.")) from None


def _kind_of(value: Value) -> Kind:
    if isinstance(value, bool):
        return "yes/no"
    if isinstance(value, int | Decimal):
        return "number"
    return "text" if isinstance(value, str) else "date"


def _fault(name: str, what: Text, advice: Text | None = None) -> ExpressionFault:
    position = (name.start_pos or 0) + 1 if isinstance(name, Token) else None
    return fault(what, position, advice)
