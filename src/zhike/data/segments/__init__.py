"""Segments: classifications of all customers (ordered labels) and named segments in the segment language.

One file is one entry. `add_segments` puts them on the customer view: a text column per classification, a yes/no column
``segment__<name>`` per segment.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeAlias, TypeVar

import ibis
import ibis.expr.types as ir

from zhike.core.registry import Registry
from zhike.core.text import Text
from zhike.data.segment_language import Expression, Field, fields, parse
from zhike.data.segment_language.tree import SEGMENT_PREFIX

P = TypeVar("P")


@dataclass(frozen=True)
class Label(Generic[P]):
    """One label: whom it takes, among those whom no label before it took. The last takes the rest."""

    name: str
    title: Text
    takes: Callable[[ibis.Table, P], ir.BooleanValue] | None = None


@dataclass(frozen=True)
class Classification(Generic[P]):
    """Ordered labels, the first match wins; an unknown condition is no match. ``needs`` are the columns read."""

    name: str
    title: Text
    meaning: Text
    owner: str
    thresholds: P
    needs: tuple[str, ...]
    labels: tuple[Label[P], ...]

    def expression(self, view: ibis.Table) -> ir.StringValue:
        """The label of each row, never null."""
        *ordered, rest = self.labels
        conditions = [(label.takes(view, self.thresholds), label.name) for label in ordered if label.takes]
        return ibis.cases(*conditions, else_=rest.name)


@dataclass(frozen=True)
class Segment:
    """A named part of the customers, in the segment language; it may name other segments."""

    name: str
    title: Text
    meaning: Text
    owner: str
    expression: str

    @property
    def column(self) -> str:
        return SEGMENT_PREFIX + self.name

    def parsed(self, columns: dict[str, Field]) -> Expression:
        return parse(self.expression, columns)


Entry: TypeAlias = Classification[Any] | Segment
segments: Registry[Entry] = Registry("segments", __name__)


def classifications() -> list[Classification[Any]]:
    return [entry for entry in segments if isinstance(entry, Classification)]


def named_segments() -> list[Segment]:
    return [entry for entry in segments if isinstance(entry, Segment)]


def add_segments(view: ibis.Table) -> ibis.Table:
    """The view with a column per classification, then a column per segment."""
    view = view.mutate(**{each.name: each.expression(view) for each in classifications()})
    for layer in _layers(named_segments(), view_fields(view.schema())):
        view = view.mutate(**{name: expression.predicate(view) for name, expression in layer.items()})
    return view


def view_fields(schema: ibis.Schema) -> dict[str, Field]:
    """The allow-list of the customer view for the segment language; labels of classifications are checked too."""
    labels = {each.name: tuple(label.name for label in each.labels) for each in classifications()}
    return {name: replace(field, codes=labels.get(name, ())) for name, field in fields(schema).items()}


def _layers(waiting: list[Segment], columns: dict[str, Field]) -> list[dict[str, Expression]]:
    """Segments after those they name; raises ValueError when some name each other."""
    every = columns | {segment.column: Field("yes/no") for segment in waiting}
    parsed = {segment.column: segment.parsed(every) for segment in waiting}
    layers: list[dict[str, Expression]] = []
    done = set(columns)
    while parsed:
        ready = {column: parsed[column] for column in parsed if set(parsed[column].columns) <= done}
        if not ready:
            raise ValueError(f"These segments name each other: {', '.join(sorted(parsed))}")
        layers.append(ready)
        done |= ready.keys()
        parsed = {column: expression for column, expression in parsed.items() if column not in ready}
    return layers
