"""KPIs: one file is one number of the bank, the same on every screen (DOMAIN section 2)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, TypeAlias

import ibis
import ibis.expr.types as ir

from zhike.core.registry import Registry
from zhike.core.text import Text
from zhike.data.asof import Facts

# A stock stands at the end of the as-of day (存量); a flow happened over a period that ends with it (新增).
Kind = Literal["stock", "flow"]
Unit = Literal["count", "ratio", "cents"]


@dataclass(frozen=True)
class Period:
    """Days, both included. Of a stock both are the as-of day."""

    start: date
    end: date


Scalar: TypeAlias = Callable[[Facts, ibis.Table], ir.Scalar]


@dataclass(frozen=True)
class Kpi:
    """A number with its definition card.

    ``expression(facts, view)`` is a scalar as of ``facts.as_of``: null where it does not apply or cannot be known,
    never 0 in its stead. ``period_ends_days_before`` moves a cohort back until it is complete. Where ``reads_view``
    is False the view may be of any day, so that a comparison needs no second build.
    """

    name: str
    title: Text
    meaning: Text
    formula: Text
    population: Text
    unit: Unit
    direction: Literal["up", "down"]
    owner: str
    kind: Kind
    expression: Scalar
    period_days: int = 0
    period_ends_days_before: int = 0
    compared_days_before: int = 30
    reads_view: bool = False
    target: float | None = None

    def period(self, as_of: date) -> Period:
        """The days that the number of ``as_of`` speaks of."""
        end = as_of - timedelta(days=self.period_ends_days_before)
        return Period(end - timedelta(days=max(self.period_days - 1, 0)), end)

    def previous(self, as_of: date) -> date:
        """The as-of day to compare with."""
        return as_of - timedelta(days=self.compared_days_before)

    def value(self, facts: Facts, view: ibis.Table) -> ir.Scalar:
        """The scalar as float64 or int64 by its unit."""
        return self.expression(facts, view).cast("float64" if self.unit == "ratio" else "int64")


kpis: Registry[Kpi] = Registry("kpis", __name__)


def ratio(part: ir.IntegerScalar, whole: ir.IntegerScalar) -> ir.FloatingScalar:
    """``part ÷ whole``, null when there is no whole."""
    return part.cast("float64") / whole.nullif(0).cast("float64")


def known_if(condition: ir.BooleanScalar, value: ir.Scalar) -> ir.Scalar:
    """The value, null unless the condition holds."""
    return ibis.ifelse(condition, value, ibis.null(value.type()))
