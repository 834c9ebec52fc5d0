"""Deciding for everybody, and handing the decisions to the publication."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import ibis
import pyarrow as pa

from zhike.core.actor import Actor
from zhike.core.engine import Session
from zhike.core.errors import BadInput, Invariant
from zhike.core.failpoint import failpoint
from zhike.core.fingerprint import fingerprint
from zhike.core.snapshot import Manifest, SnapshotStore
from zhike.core.workspace import workspace
from zhike.data.build import VIEW, open_session
from zhike.decide.arbitrate import next_best_action
from zhike.decide.record import record
from zhike.operations.customers import reading
from zhike.operations.customers.publishing import Copying
from zhike.operations.governance.acting import action, note, step
from zhike.operations.marketing import laying
from zhike.operations.marketing.made import DECISION, settings_of


@dataclass(frozen=True)
class Decided:
    """What a run did: ``fresh`` is False when these decisions stood already."""

    snapshot: str
    as_of: date
    customers: int
    fresh: bool


@action(permission="make_decisions", audit="decisions.make", long=True)
def decisions_make(actor: Actor, *, as_of: date, progress: Callable[[str], None] = lambda _step: None) -> Decided:
    """Decides over the view of the newest snapshot, with the consents, complaints and contacts of this minute laid
    over it; raises BadInput when that view is of another day."""
    store = SnapshotStore(workspace())
    with workspace().writer():
        manifest = store.current()
        built = reading.as_of(manifest)
        if built != as_of:
            raise BadInput(f"The customer view is as of {built}: run `zhike build --as-of {as_of}` first.")
        with open_session(store, manifest, VIEW) as session:
            view = reading.snapshot_table(manifest, VIEW)
            with step():
                now = laying.present_rows(actor, session, view)
            made = _made(manifest, as_of, now)
            fresh = manifest.steps.get(DECISION) != made
            if fresh:
                progress("every customer")
                laid = laying.laid_over_view(session, view, now, ibis.literal(as_of))
                rows = session.stream(next_best_action(laid, settings_of(manifest)).order_by("customer_id"))
                file = store.add(DECISION, "", rows)
        if fresh:
            failpoint("decide.table_written")
            manifest = manifest.with_table(DECISION, [file], rows.schema)
            manifest = replace(manifest, steps={**manifest.steps, DECISION: made})
            store.publish(manifest, "decide")
        snapshot = str(store.current_id())
    note(snapshot=snapshot, customers=manifest.rows(DECISION), fresh=fresh, laid_over=now.num_rows)
    return Decided(snapshot, as_of, manifest.rows(DECISION), fresh)


def _made(manifest: Manifest, as_of: date, now: pa.Table) -> dict[str, Any]:
    """What decides the content of the decisions: the view, what was laid over it, the code, the settings."""
    return {
        "view": manifest.content_hash([VIEW]),
        "present": laying.print_of(now),
        "code": fingerprint("zhike.decide"),
        "record": json.loads(record(as_of.isoformat(), settings_of(manifest)).to_json()),
    }


@action(permission="publish_view", audit="decisions.publish")
def decisions_publish(actor: Actor, copying: Copying, session: Session, manifest: Manifest) -> None:
    """Copies the decisions of a snapshot, which stand, into the publication under way."""
    decisions = reading.snapshot_table(manifest, DECISION)
    if decisions is None:
        raise Invariant("The snapshot says that decisions were made and holds none: decide again.")
    rows = session.stream(decisions.order_by("customer_id"))
    copying.copy(DECISION, rows, key="customer_id", order="winner_value_cents")
    note(customers=copying.counts[DECISION])
