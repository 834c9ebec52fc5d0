"""The present laid over the view before everybody is decided: so a run and a live decision of that minute agree."""

import hashlib
import json
from typing import Any

import ibis
import pyarrow as pa

from zhike.core.actor import Actor
from zhike.core.engine import Session
from zhike.data.derive import following_from, with_derived
from zhike.decide.live import RECORDED
from zhike.operations.marketing import present

_HEARD, _PRESENT = "heard", "present"
_SCHEMA = pa.schema([("customer_id", pa.string()), *((name, pa.int64()) for name in RECORDED)])


def present_rows(actor: Actor, session: Session, view: ibis.Table) -> pa.Table:
    """customer_id and what is recorded here as it is now, of every customer of whom anything is or was recorded."""
    session.add(_HEARD, pa.table({"customer_id": pa.array(present.heard(actor), pa.string())}))
    heard = ibis.table({"customer_id": "string"}, name=_HEARD)
    was = (view.complaints_open_recorded > 0) | (view.marketing_contacts_recorded_30d > 0)
    wanted = view.filter(was | view.customer_id.isin(heard.customer_id)).order_by("customer_id")
    rows = session.query(wanted).to_pylist()
    now = present.of_run(actor, rows)
    return pa.Table.from_pylist([_row(row, now[row["customer_id"]]) for row in rows], _SCHEMA)


def laid_over_view(session: Session, view: ibis.Table, rows: pa.Table, as_of: ibis.expr.types.DateValue) -> ibis.Table:
    """The view with these rows laid over it, and what follows from them derived again."""
    if not rows.num_rows:
        return view
    session.add(_PRESENT, rows)
    now = ibis.table(ibis.Schema.from_pyarrow(_SCHEMA), name=_PRESENT)
    joined = view.left_join(now, "customer_id", rname="{name}_now")
    laid = {
        name: ibis.ifelse(joined.customer_id_now.notnull(), joined[f"{name}_now"], joined[name]) for name in RECORDED
    }
    kept = joined.select(**{name: laid.get(name, joined[name]) for name in view.columns})
    return with_derived(kept, following_from(RECORDED), as_of)


def print_of(rows: pa.Table) -> str:
    """Identifies what was laid over a run; empty for nothing."""
    if not rows.num_rows:
        return ""
    return hashlib.sha256(json.dumps(rows.to_pylist(), sort_keys=True).encode()).hexdigest()[:16]


def _row(row: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    known = row | now
    return {name: known[name] for name in _SCHEMA.names}
