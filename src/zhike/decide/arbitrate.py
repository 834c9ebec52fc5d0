"""The decision: gates, values and the winner of every customer, as one expression over the customer view.

The decision table is wide: customer_id, currency, the input columns read, per offer ``<offer>__refused``,
``<offer>__grounds``, the components of its value, ``<offer>__value_cents``, then ``winner`` and ``winner_value_cents``.

``<offer>__refused`` is a bit mask over the gates in the order of `terms.Considered.gates`: bit i when gate i does not
hold, bit 31 + i when it cannot be known and so refuses, bit 62 when the value cannot be known. 0 is: may be made.
``<offer>__grounds`` has bit i for ground i.
"""

from collections.abc import Iterable
from functools import reduce
from operator import add

import ibis
import ibis.expr.types as ir

from zhike.core.errors import BadInput
from zhike.decide.arithmetic import cents
from zhike.decide.inputs import VIEW, columns_read
from zhike.decide.offer import COMPONENTS, AnyGate, worth
from zhike.decide.terms import Considered, DecisionSettings, considered

UNKNOWN_SHIFT = 31
VALUE_UNKNOWN = 1 << 62
_REFUSED_VALUE = -(1 << 62)


def next_best_action(view: ibis.Table, settings: DecisionSettings | None = None) -> ibis.Table:
    """The decision table of ``view``, one row per row of it, in no particular order.

    The winner has the greatest value among what is not refused; ties go to *do nothing*, then by offer name.
    Raises BadInput when the view lacks a column that a declaration reads.
    """
    candidates = considered(settings or DecisionSettings())
    read = inputs(view.schema(), candidates)
    judged: dict[str, ir.Value] = {}
    for candidate in candidates:
        judged |= judgement(view, candidate)
    table = view.select("customer_id", *read, **judged)
    table = table.mutate(**{f"{each.offer.name}__value_cents": _value(table, each) for each in candidates})
    # A value that cannot be known refuses: the bit is set where it was not computable.
    table = table.mutate(**{f"{each.offer.name}__refused": _with_value(table, each) for each in candidates})
    return _with_winner(table, candidates)


def inputs(schema: ibis.Schema, candidates: Iterable[Considered]) -> list[str]:
    """The columns of the view that a decision reads, and the currency, sorted; raises BadInput when one is missing."""
    view = ibis.table(schema, name=VIEW)
    read = {"currency"}
    for candidate in candidates:
        try:
            for expression in judgement(view, candidate).values():
                read |= columns_read(expression, view)
        except (AttributeError, ibis.common.exceptions.IbisTypeError) as error:
            raise BadInput(
                f"Offer {candidate.offer.name} cannot be decided: {error}. Build the customer view again."
            ) from None
    missing = read - set(schema.names)
    if missing:
        raise BadInput(f"The customer view has no column {', '.join(sorted(missing))}: build it again.")
    return sorted(read - {"customer_id"})


def judgement(view: ibis.Table, candidate: Considered) -> dict[str, ir.Value]:
    """Masks and components of one offer, over a view."""
    name, offer = candidate.offer.name, candidate.offer
    economics = offer.economics(view, offer.parameters)
    refused = [
        _bit(place, gate, gate.passes(view, owner.parameters)) for place, (owner, gate) in enumerate(candidate.gates())
    ]
    grounds = [
        ibis.ifelse(ground.holds(view, owner.parameters).fill_null(False), _int64(1 << place), _int64(0))
        for place, (owner, ground) in enumerate(candidate.grounds())
    ]
    return {
        f"{name}__refused": _total(refused),
        f"{name}__grounds": _total(grounds),
        **{f"{name}__{component}": getattr(economics, component).cast("int64") for component in COMPONENTS},
    }


def _bit(place: int, gate: AnyGate, passes: ir.BooleanValue) -> ir.IntegerValue:
    if gate.unknown == "passes":
        return ibis.ifelse(passes.fill_null(True), _int64(0), _int64(1 << place))
    refusal, not_known = _int64(1 << place), _int64(1 << (UNKNOWN_SHIFT + place))
    return ibis.cases((passes, _int64(0)), (~passes, refusal), else_=not_known)


def _value(table: ibis.Table, candidate: Considered) -> ir.IntegerValue:
    return worth(*(table[f"{candidate.offer.name}__{component}"] for component in COMPONENTS))


def _with_value(table: ibis.Table, candidate: Considered) -> ir.IntegerValue:
    name = candidate.offer.name
    return table[f"{name}__refused"] + ibis.ifelse(
        table[f"{name}__value_cents"].isnull(), _int64(VALUE_UNKNOWN), _int64(0)
    )


def _with_winner(table: ibis.Table, candidates: list[Considered]) -> ibis.Table:
    names = [candidate.offer.name for candidate in candidates]
    worths = [
        ibis.ifelse(table[f"{name}__refused"] == 0, table[f"{name}__value_cents"], _int64(_REFUSED_VALUE))
        for name in names
    ]
    table = table.mutate(winner_value_cents=ibis.greatest(*worths) if len(worths) > 1 else worths[0])
    best = [
        (_stands(table, name) & (table[f"{name}__value_cents"] == table.winner_value_cents), name) for name in names
    ]
    return table.mutate(winner=ibis.cases(*best))


def _stands(table: ibis.Table, name: str) -> ir.BooleanValue:
    return table[f"{name}__refused"] == 0


def _total(bits: list[ir.IntegerValue]) -> ir.IntegerValue:
    return reduce(add, bits, cents(0))


def _int64(value: int) -> ir.IntegerScalar:
    return ibis.literal(value, type="int64")
