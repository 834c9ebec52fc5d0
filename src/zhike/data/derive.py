"""Derived features: put on a view after what they need; and which of them follow from some columns."""

from collections.abc import Collection, Iterable, Iterator

import ibis
import ibis.expr.types as ir

from zhike.data.feature import Derived
from zhike.data.features import features


def with_derived(view: ibis.Table, derived: Iterable[Derived], as_of: ir.DateValue) -> ibis.Table:
    """The view with these columns, new or in place of those of their names; raises ValueError on a cycle."""
    waiting = list(derived)
    names = {feature.name for feature in waiting}
    for layer in _layers(waiting, set(view.columns) - names):
        view = view.mutate(**{each.name: each.expression(view, as_of).cast(each.type) for each in layer})
    return view


def following_from(columns: Collection[str]) -> list[Derived]:
    """The derived features that some of these columns decide, directly or through others."""
    reached, found = set(columns), list[Derived]()
    waiting = [feature for feature in features if isinstance(feature, Derived) and feature.name not in reached]
    while ready := [feature for feature in waiting if reached & set(feature.needs)]:
        found += ready
        reached |= {feature.name for feature in ready}
        waiting = [feature for feature in waiting if feature not in ready]
    return found


def _layers(derived: list[Derived], known: set[str]) -> Iterator[list[Derived]]:
    """Derived features after what they need; raises ValueError on a cycle or an unknown name."""
    while derived:
        ready = [feature for feature in derived if set(feature.needs) <= known]
        if not ready:
            faults = {feature.name: sorted(set(feature.needs) - known) for feature in derived}
            raise ValueError(f"Derived features need what is not there, or each other: {faults}")
        yield ready
        known |= {feature.name for feature in ready}
        derived = [feature for feature in derived if feature not in ready]
