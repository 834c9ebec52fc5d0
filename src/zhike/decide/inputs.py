"""What a declaration reads of the customer view."""

from functools import cache

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir

from zhike.data.features import features
from zhike.data.segments import classifications, named_segments
from zhike.decide.offer import AnyGate, AnyOffer
from zhike.decide.policy import AnyPolicy

VIEW = "customer_view"


@cache
def declared_view() -> ibis.Table:
    """The customer view as its registries declare it, without data."""
    columns: dict[str, str] = {
        "customer_id": "string",
        **{feature.name: feature.type for feature in features},
        "currency": "string",
    }
    columns |= {each.name: "string" for each in classifications()} | {
        each.column: "boolean" for each in named_segments()
    }
    return ibis.table(columns, name=VIEW)


def columns_read(expression: ir.Value, view: ibis.Table) -> set[str]:
    """The columns of ``view`` itself that an expression over it reads."""
    return {field.name for field in expression.op().find(ops.Field) if field.rel == view.op()}


def read_by_gate(gate: AnyGate, owner: AnyOffer | AnyPolicy) -> list[str]:
    """The columns of a gate, sorted."""
    view = declared_view()
    return sorted(columns_read(gate.passes(view, owner.parameters), view))
