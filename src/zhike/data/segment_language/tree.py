"""The tree of a condition, its canonical text, and its predicate.

Three-valued logic as in SQL: a comparison with an unknown value is unknown, and so is ``not`` of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import reduce
from operator import and_, eq, ge, gt, le, lt, ne, or_
from typing import Any, TypeAlias

import ibis

from zhike.core.text import Text
from zhike.data.segment_language.faults import ExpressionFault

DEPTH_MAX = 6
NODES_MAX = 100
SEGMENT_PREFIX = "segment__"

Value: TypeAlias = int | Decimal | str | date | bool
Predicate: TypeAlias = ibis.expr.types.BooleanValue

_COMPARE: dict[str, Any] = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}


@dataclass(frozen=True)
class Compare:
    """``column operator value``"""

    column: str
    operator: str
    value: Value


@dataclass(frozen=True)
class OneOf:
    """``column in (values)``"""

    column: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Between:
    """``column between low and high``, both included."""

    column: str
    low: Value
    high: Value


@dataclass(frozen=True)
class IsNull:
    """``column is null``"""

    column: str


@dataclass(frozen=True)
class Holds:
    """A yes/no column standing alone, ``segment('name')`` among them."""

    column: str


@dataclass(frozen=True)
class Not:
    node: "Node"


@dataclass(frozen=True)
class And:
    nodes: tuple["Node", ...]


@dataclass(frozen=True)
class Or:
    nodes: tuple["Node", ...]


Leaf: TypeAlias = Compare | OneOf | Between | IsNull | Holds
Node: TypeAlias = Leaf | Not | And | Or


def children(node: Node) -> tuple[Node, ...]:
    if isinstance(node, And | Or):
        return node.nodes
    return (node.node,) if isinstance(node, Not) else ()


def depth(node: Node) -> int:
    return 1 + max((depth(child) for child in children(node)), default=0)


def size(node: Node) -> int:
    """Nodes; every value of a list is one."""
    own = len(node.values) if isinstance(node, OneOf) else 1
    return own + sum(size(child) for child in children(node))


def limited(node: Node) -> Node:
    """The node itself; raises BadInput when it is too deep or too large."""
    if depth(node) > DEPTH_MAX:
        raise ExpressionFault(
            Text(
                f"条件表达式的嵌套超过 {DEPTH_MAX} 层：请把其中一部分命名为单独的客群。",
                f"The segment expression is nested more than {DEPTH_MAX} deep: name a part as its own segment.",
            )
        )
    if size(node) > NODES_MAX:
        raise ExpressionFault(
            Text(
                f"条件表达式的条件和值超过 {NODES_MAX} 个：请把其中一部分命名为单独的客群。",
                f"The segment expression has more than {NODES_MAX} conditions and values:"
                " name a part as its own segment.",
            )
        )
    return node


def columns_of(node: Node) -> Iterator[str]:
    if isinstance(node, And | Or | Not):
        for child in children(node):
            yield from columns_of(child)
    else:
        yield node.column


def predicate_of(node: Node, view: ibis.Table) -> Predicate:
    """The condition over ``view``; null where it is unknown."""
    if isinstance(node, And):
        return reduce(and_, [predicate_of(child, view) for child in node.nodes])
    if isinstance(node, Or):
        return reduce(or_, [predicate_of(child, view) for child in node.nodes])
    if isinstance(node, Not):
        return ~predicate_of(node.node, view)
    return _leaf(node, view[node.column])


def _leaf(node: Leaf, column: Any) -> Predicate:
    if isinstance(node, Compare):
        return _COMPARE[node.operator](column, _bound(node.value, column))
    if isinstance(node, OneOf):
        return column.isin([_bound(value, column) for value in node.values])
    if isinstance(node, Between):
        return column.between(_bound(node.low, column), _bound(node.high, column))
    return column.isnull() if isinstance(node, IsNull) else column


def _bound(value: Value, column: Any) -> ibis.expr.types.Scalar:
    """A typed literal, so that every engine compares the same types."""
    if isinstance(value, bool):
        return ibis.literal(value, type="boolean")
    if isinstance(value, int) and column.type().is_integer():
        return ibis.literal(value, type="int64")
    if isinstance(value, int | Decimal):
        return ibis.literal(float(value), type="float64")
    return ibis.literal(value, type="date" if isinstance(value, date) else "string")


def text_of(node: Node) -> str:
    """Canonical text: single spaces, lower-case words, parentheses only where needed."""
    if isinstance(node, Or):
        return " or ".join(text_of(child) for child in node.nodes)
    if isinstance(node, And):
        return " and ".join(_enclosed(child, Or) for child in node.nodes)
    if isinstance(node, Not):
        return _negated(node.node)
    return _leaf_text(node, "")


def _enclosed(node: Node, *kinds: type) -> str:
    return f"({text_of(node)})" if isinstance(node, kinds) else text_of(node)


def _negated(node: Node) -> str:
    if isinstance(node, OneOf | Between | IsNull):
        return _leaf_text(node, "not ")
    return "not " + _enclosed(node, And, Or, Compare, Not)


def _leaf_text(node: Leaf, negation: str) -> str:
    if isinstance(node, Compare):
        return f"{node.column} {node.operator} {_value_text(node.value)}"
    if isinstance(node, OneOf):
        return f"{node.column} {negation}in ({', '.join(_value_text(value) for value in node.values)})"
    if isinstance(node, Between):
        return f"{node.column} {negation}between {_value_text(node.low)} and {_value_text(node.high)}"
    if isinstance(node, IsNull):
        return f"{node.column} is {negation}null"
    if node.column.startswith(SEGMENT_PREFIX):
        return f"segment('{node.column.removeprefix(SEGMENT_PREFIX)}')"
    return node.column


def _value_text(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return format(value, "f") if isinstance(value, Decimal) else str(value)
