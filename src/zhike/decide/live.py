"""The live decision: the published view of a customer, with what is known this minute laid over it, decided again.

It is the batch expression itself. What is laid over are the *base* columns that this system records (consents, open
complaints, contacts); what is derived from them is derived again by its own declaration, then `next_best_action` runs.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

import ibis

from zhike.core.errors import Invariant
from zhike.data.derive import following_from, with_derived
from zhike.data.feature import Derived
from zhike.data.features.consent_by_channel import CONSENT_COLUMNS
from zhike.decide.arbitrate import inputs, next_best_action
from zhike.decide.inputs import VIEW, declared_view
from zhike.decide.terms import DecisionSettings, considered

# What this system itself records, hence knows before the next snapshot does.
RECORDED = (
    *CONSENT_COLUMNS, "personalisation_all", "complaints_open_recorded", "marketing_contacts_recorded_7d",
    "marketing_contacts_recorded_30d",
)  # fmt: skip
# The day of the view, beside its columns.
AS_OF = "as_of"


def laid_over(row: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    """The columns in which what is known now differs from a row of the view; raises Invariant on any not recorded."""
    strange = now.keys() - set(RECORDED)
    if strange:
        raise Invariant(f"Only what is recorded here can be laid over a decision, not {', '.join(sorted(strange))}.")
    return {name: value for name, value in now.items() if row.get(name) != value}


@cache
def live_schema() -> ibis.Schema:
    """What a live decision reads of a customer: customer_id, what the decision reads or that follows from, as_of."""
    again = _derived_again()
    read = _inputs() | {name for each in again for name in each.needs}
    view = declared_view().schema()
    columns = {name: view[name] for name in ("customer_id", *sorted(read - {each.name for each in again}))}
    return ibis.schema({**columns, AS_OF: "date"})


def live_decision(settings: DecisionSettings) -> ibis.Table:
    """The decision table of a table ``customer_view`` of `live_schema`, one row per row of it."""
    view = ibis.table(live_schema(), name=VIEW)
    return next_best_action(with_derived(view, _derived_again(), view[AS_OF]), settings)


@cache
def _inputs() -> frozenset[str]:
    return frozenset(inputs(declared_view().schema(), considered(DecisionSettings())))


@cache
def _derived_again() -> tuple[Derived, ...]:
    """The features that follow from what is recorded, as far as the decision reads them or what it reads needs them."""
    following = {feature.name: feature for feature in following_from(RECORDED)}
    wanted = set(_inputs() & following.keys())
    while more := {name for each in wanted for name in following[each].needs if name in following} - wanted:
        wanted |= more
    return tuple(following[name] for name in sorted(wanted))
