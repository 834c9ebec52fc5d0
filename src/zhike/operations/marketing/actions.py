"""Deciding for everybody, and handing the decisions to the publication."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

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
from zhike.operations.governance.acting import action, note
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
    """Decides over the view of the newest snapshot; raises BadInput when that view is of another day."""
    store = SnapshotStore(workspace())
    with workspace().writer():
        manifest = store.current()
        built = reading.as_of(manifest)
        if built != as_of:
            raise BadInput(f"The customer view is as of {built}: run `zhike build --as-of {as_of}` first.")
        settings = settings_of(manifest)
        step: dict[str, Any] = {
            "view": manifest.content_hash([VIEW]),
            "code": fingerprint("zhike.decide"),
            "record": json.loads(record(as_of.isoformat(), settings).to_json()),
        }
        fresh = manifest.steps.get(DECISION) != step
        if fresh:
            progress("every customer")
            with open_session(store, manifest, VIEW) as session:
                decisions = next_best_action(reading.snapshot_table(manifest, VIEW), settings)
                rows = session.stream(decisions.order_by("customer_id"))
                file = store.add(DECISION, "", rows)
            failpoint("decide.table_written")
            manifest = manifest.with_table(DECISION, [file], rows.schema)
            manifest = replace(manifest, steps={**manifest.steps, DECISION: step})
            store.publish(manifest, "decide")
        snapshot = str(store.current_id())
    note(snapshot=snapshot, customers=manifest.rows(DECISION), fresh=fresh)
    return Decided(snapshot, as_of, manifest.rows(DECISION), fresh)


@action(permission="publish_view", audit="decisions.publish")
def decisions_publish(actor: Actor, copying: Copying, session: Session, manifest: Manifest) -> None:
    """Copies the decisions of a snapshot, which stand, into the publication under way."""
    decisions = reading.snapshot_table(manifest, DECISION)
    if decisions is None:
        raise Invariant("The snapshot says that decisions were made and holds none: decide again.")
    rows = session.stream(decisions.order_by("customer_id"))
    copying.copy(DECISION, rows, key="customer_id", order="winner_value_cents")
    note(customers=copying.counts[DECISION])
