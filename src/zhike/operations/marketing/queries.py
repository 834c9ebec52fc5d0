"""The decision for one customer, and the most valuable decisions, in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from zhike.core.actor import Actor
from zhike.core.errors import Conflict
from zhike.core.text import Text
from zhike.decide import explain
from zhike.decide.offers import offers
from zhike.decide.record import DecisionRecord, decision_bytes, replay
from zhike.operations.customers import reading
from zhike.operations.customers.reading import At, Source
from zhike.operations.governance.acting import note, query
from zhike.operations.governance.visibility import require_bank, require_visible
from zhike.operations.marketing import ranking, standing
from zhike.operations.marketing.made import DECISION, DecisionState, kept_record, record_of, state_of


@dataclass(frozen=True)
class Decision:
    """Winner and every candidate with its reasons; None and empty where no decision stands.

    ``live`` where it was decided again just now, with what made it so; None where the published decision holds.
    """

    next_best_action: dict[str, Any] | None
    candidates: list[dict[str, Any]]
    live: dict[str, Any] | None = None


@dataclass(frozen=True)
class TopAction:
    """One customer whose next best action is worth much: whom to turn to first, and the first reason."""

    customer_id: str
    offer: str
    title: Text
    value_cents: int
    reason: str


@dataclass(frozen=True)
class Replayed:
    """One decision, decided again: ``equal`` byte for byte? ``bytes`` of the kept one, ``sha256`` of the repeated."""

    customer_id: str
    as_of: date
    snapshot: str
    equal: bool
    bytes: int
    sha256: str


@query(permission="view_decision")
def decision_read(actor: Actor, source: Source, row: Mapping[str, Any]) -> Decision:
    """The decision of a row of the view of a snapshot already chosen, as it stands this moment."""
    kept = record_of(source.snapshot)
    decided = reading.row(source, DECISION, row["customer_id"]) if kept else None
    if decided is None or kept is None:
        return Decision(None, [])
    (stands,) = standing.decisions(actor, [row], [decided], kept)
    candidates = [each.as_json() for each in explain.candidates(stands.row, actor.locale, kept.settings)]
    best = {name: value for name, value in candidates[0].items() if name != "outcome"}
    return Decision(best, candidates, stands.as_json(actor.locale))


@query(permission="view_overview")
def decisions_state(actor: Actor, *, at: At = "published") -> DecisionState:
    """Whether the decisions of the snapshot can be shown, and if not, why."""
    return state_of(reading.source(at).snapshot)


@query(permission="view_decision", audit="decision.view", about="customer")
def decision_get(actor: Actor, customer_id: str, *, at: At = "published") -> dict[str, Any]:
    """``customer_id, as_of, next_best_action, candidates, live, snapshot``; raises NotFound."""
    if at == "current":
        require_bank(actor)
    source, customer_id = reading.source(at), customer_id.lower()
    require_visible(actor, customer_id)
    row = reading.require(reading.row(source, "customer_view", customer_id), customer_id, source)
    decision = decision_read(actor, source, row)
    note(live=decision.live is not None)
    return {
        "customer_id": customer_id,
        "as_of": source.as_of.isoformat(),
        "next_best_action": decision.next_best_action,
        "candidates": decision.candidates,
        "live": decision.live,
        "snapshot": source.snapshot,
    }


@query(permission="view_decision")
def decision_replay(actor: Actor, customer_id: str) -> Replayed:
    """Decides one customer of the newest snapshot again, from the inputs and the record kept with its decisions.

    Raises NotFound, and Conflict when there are no decisions or declarations have changed since, naming those.
    """
    require_bank(actor)
    newest = reading.current()
    kept = reading.snapshot_table(newest.manifest, DECISION)
    if kept is None:
        raise Conflict(
            Text("尚未做出决策：请运行 `zhike decide`。", "No decisions are made yet: run `zhike decide --as-of DATE`.")
        )
    record = kept_record(newest.manifest)
    source = reading.Source(newest.snapshot, date.fromisoformat(record.as_of), None)
    row = reading.require(reading.row(source, DECISION, customer_id), customer_id, source)
    again = replay(kept.filter(kept.customer_id == customer_id), record)
    with reading.snapshot_session(newest.manifest, DECISION) as session:
        (decided,) = session.query(again).to_pylist()
    stored, repeated = decision_bytes(row), decision_bytes(decided)
    return Replayed(
        customer_id, source.as_of, newest.snapshot, stored == repeated, len(stored), sha256(repeated).hexdigest()
    )


@query(permission="view_decision")
def top_actions(actor: Actor, limit: int = 10) -> list[TopAction]:
    """The published actions of greatest value that still stand, *do nothing* left out; ties in order of customer id."""
    published = reading.published()
    kept = record_of(published.snapshot)
    return (
        [] if kept is None else [_top(row, actor, kept) for row in ranking.most_valuable(actor, published, kept, limit)]
    )


def _top(row: dict[str, Any], actor: Actor, kept: DecisionRecord) -> TopAction:
    best = explain.next_best_action(row, actor.locale, kept.settings)
    first = best["reasons"][0]["text"] if best["reasons"] else ""
    title = offers.get(best["offer"]).title
    return TopAction(row["customer_id"], best["offer"], title, best["value_cents"], first)
