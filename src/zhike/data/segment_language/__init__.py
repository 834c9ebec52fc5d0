"""The segment language: a condition on the columns of the customer view, as text that a person can read.

``stage = 'dormant' and spend_365d_cents > 0`` · ``tier in ('value', 'private') and not (days_past_due > 0)``

Text is parsed to a small frozen tree (column, operator, value) over an allow-list of columns, and the tree becomes an
Ibis predicate; text never reaches an engine. The whole language is in docs/algorithms/segment-language.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import ibis

from zhike.data.segment_language.check import Field, check, fields
from zhike.data.segment_language.faults import ExpressionFault
from zhike.data.segment_language.grammar import read
from zhike.data.segment_language.tree import Node, columns_of, predicate_of, text_of

__all__ = ["Expression", "ExpressionFault", "Field", "fields", "parse"]


@dataclass(frozen=True)
class Expression:
    """A checked condition. ``str()`` is its canonical text: parsing that gives an equal expression."""

    tree: Node

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it reads, sorted."""
        return tuple(sorted(set(columns_of(self.tree))))

    def chosen(self, view: ibis.Table) -> ibis.Table:
        """The rows of ``view`` for which the condition holds; a condition that is not known does not.

        A filter drops unknowns by itself, and left bare it lets the engine skip what it need not read.
        """
        return view.filter(predicate_of(self.tree, view))

    def predicate(self, view: ibis.Table) -> ibis.expr.types.BooleanValue:
        """True or false for every row of ``view``, never null: what is unknown is not in the segment."""
        return predicate_of(self.tree, view).fill_null(False)

    def __str__(self) -> str:
        return text_of(self.tree)


def parse(text: str, columns: Mapping[str, Field]) -> Expression:
    """Reads a condition over the allowed ``columns``.

    Raises ExpressionFault that says what is wrong, at which position (from 1), and what the language has.
    """
    return Expression(check(read(text), columns))
