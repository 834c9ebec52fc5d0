"""What is known of customers, as dataclasses. Every one takes the actor first, checks the right, and reads once.

Web and API read the publication; the command line, by ``at="current"``, the newest snapshot.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from zhike.core.actor import Actor
from zhike.core.errors import BadInput, NotFound
from zhike.core.text import Text
from zhike.core.workspace import workspace
from zhike.data import identity, quarantine
from zhike.data.segments import classifications, named_segments
from zhike.data.source import sources
from zhike.operations.customers import key_figures, reading, segments, standing
from zhike.operations.customers.activity import ENTRY, MONTH
from zhike.operations.customers.reading import At, Source
from zhike.operations.customers.shapes import (
    Found,
    Freshness,
    KpiValue,
    MonthlySpend,
    PublicationState,
    Reconciled,
    SegmentCount,
    SegmentPage,
    Share,
    TimelineEntry,
)
from zhike.operations.governance import erasing
from zhike.operations.governance import queries as governance
from zhike.operations.governance.acting import note, query
from zhike.operations.governance.masking import mask_text
from zhike.operations.governance.visibility import is_visible, require_bank, require_visible, visible_ids
from zhike.operations.marketing import queries as marketing
from zhike.operations.marketing.queries import TopAction


@query(permission="view_customer", audit="customer.view", about="customer")
def customer_get(actor: Actor, customer_id: str, *, at: At = "published") -> dict[str, Any]:
    """One customer: ``features``, ``tier``, ``stage``, ``segments``, ``next_best_action``, ``candidates``,
    ``live``.

    The shape is documented in docs/reference/cli.md. Raises NotFound.
    """
    source, customer_id = _source(actor, at), customer_id.lower()
    require_visible(actor, customer_id)
    row = reading.require(reading.row(source, "customer_view", customer_id), customer_id, source)
    labels = [each.name for each in classifications()]
    named = {each.column: each.name for each in named_segments()}
    apart = {"customer_id", *labels, *named, *segments.HIDDEN}
    features = {name: _plain(value) for name, value in row.items() if name not in apart}
    decision = marketing.decision_read(actor, source, row)
    note(live=decision.live is not None)
    return {
        "customer_id": customer_id,
        "as_of": source.as_of.isoformat(),
        "features": features,
        **{name: row[name] for name in labels},
        "segments": sorted(named[column] for column in named if row.get(column)),
        "next_best_action": decision.next_best_action,
        "candidates": decision.candidates,
        "live": decision.live,
        "snapshot": source.snapshot,
    }


@query(permission="view_customer")
def customer_resolve(actor: Actor, text: str) -> str:
    """``berka:1``, a bare customer number, or a customer id -> customer id, in the newest snapshot; NotFound."""
    require_bank(actor)
    found = identity.resolve(workspace(), reading.current().manifest, text)
    if not _id(text) and erasing.is_erased(actor, found):
        raise NotFound(Text("没有这位客户。", "There is no such customer."))
    return found


@query(permission="search_customer", audit="customer.search")
def customer_search(actor: Actor, text: str) -> list[Found]:
    """Customers one of whose names or numbers equals the text (whole name, phone or its last 4, ID, card last 4 …)."""
    published = reading.published()
    wanted = _id(text)
    matches = [("customer_id", wanted)] if wanted else governance.party_find(actor, text)
    seen = [(field, party) for field, party in matches if is_visible(actor, party)]
    rows = [(field, reading.select(published, "customer_view", party)) for field, party in seen]
    note(found=len(seen))  # never what was typed: it names a person
    return [_found(actor, field, row[0]) for field, row in rows if row]


@query(permission="view_customer")
def customer_timeline(actor: Actor, customer_id: str, limit: int = 100) -> list[TimelineEntry]:
    """What happened lately, newest first: the last 50 movements of money and the last 50 other steps."""
    entries = _packed(actor, "timeline", "entries", customer_id)
    return [_entry(dict(zip(ENTRY, entry, strict=True))) for entry in entries[: segments.page_size(limit)]]


@query(permission="view_customer")
def customer_monthly_spend(actor: Actor, customer_id: str, months: int = 12) -> list[MonthlySpend]:
    """Spend of the last months until the as-of day, oldest first; a month without purchases is zero."""
    known = {entry[0]: entry for entry in _packed(actor, "monthly_spend", "months", customer_id)}
    last = reading.published().as_of
    count = last.year * 12 + last.month - 1
    days = [date(month // 12, month % 12 + 1, 1) for month in range(count - months + 1, count + 1)]
    return [_month(day, known.get(day.isoformat())) for day in days]


@query(permission="count_segment")
def segment_count(actor: Actor, expression: str, *, at: At = "published") -> SegmentCount:
    """How many customers a condition selects; raises BadInput that says what is wrong with it and where."""
    source = _source(actor, at)
    count = segments.view(source.snapshot).count(expression, visible_ids(actor))
    return SegmentCount(expression, count, source.snapshot, source.as_of)


@query(permission="list_segment", audit="segment.list")
def segment_page(
    actor: Actor,
    expression: str,
    limit: int = 50,
    after: str | None = None,
    *,
    columns: tuple[str, ...] = segments.LIST_COLUMNS,
    at: At = "published",
) -> SegmentPage:
    """Count and one page of a segment, both from one snapshot; raises BadInput when ``after`` is no customer id."""
    source, size = _source(actor, at), segments.page_size(limit)
    after, seen = _after(after), visible_ids(actor)
    view = segments.view(source.snapshot)
    columns = ("customer_id", *(name for name in columns if name != "customer_id"))
    rows = view.rows(expression, columns, size + 1, after, seen)
    following = str(rows[size - 1]["customer_id"]) if len(rows) > size else None
    plain = tuple({name: _plain(value) for name, value in row.items()} for row in rows[:size])
    count = view.count(expression, seen)
    note(expression=expression[:200], shown=len(plain), count=count)
    return SegmentPage(expression, count, columns, plain, following, source.snapshot, source.as_of)


def segment_list(
    actor: Actor, expression: str, limit: int = 50, after: str | None = None, *, at: At = "published"
) -> tuple[dict[str, Any], ...]:
    """The rows of one page of a segment, in order of customer id."""
    return segment_page(actor, expression, limit, after, at=at).rows


@query(permission="view_overview")
def distribution(actor: Actor, column: str) -> list[Share]:
    """Customers by label of a classification (tier, stage), in its order; a label nobody has is zero."""
    known = {each.name: each for each in classifications()}
    counts = {row["label"]: row["customers"] for row in _published("distribution") if row["name"] == column}
    titles = {label.name: label.title for label in known[column].labels} if column in known else {}
    labels = [*titles, *sorted(counts.keys() - titles.keys())]
    every = sum(counts.values()) or 1
    return [
        Share(label, titles.get(label, Text(label, label)), counts.get(label, 0), counts.get(label, 0) / every)
        for label in labels
    ]


@query(permission="view_overview")
def kpi_list(actor: Actor, *, at: At = "published") -> list[KpiValue]:
    """Every KPI with its definition card, its value, and its value a month before: of the bank, or of the actor's
    branches. Who sees only what is assigned to them sees none."""
    source = _source(actor, at)
    if source.published is not None:
        rows = reading.select(source.published, "kpi")
    else:
        rows = key_figures.rows(reading.manifest_of(source.snapshot))
    return key_figures.values(rows, actor)


@query(permission="view_overview")
def freshness(actor: Actor) -> Freshness:
    """What is published, whether newer data waits, and how each source stands."""
    return standing.freshness()


@query(permission="view_overview")
def reconciliation(actor: Actor) -> list[Reconciled]:
    """Every loaded file with its rows in, accepted and quarantined."""
    return standing.reconciled(reading.published())


@query(permission="view_overview")
def publication_behind(actor: Actor) -> bool:
    """True when a newer view, with its decisions, waits to be published."""
    return standing.behind()


@query(permission="view_overview")
def publication_hindrance(actor: Actor) -> Text | None:
    """Why the newest snapshot cannot be published and what to run; None when it can, or is."""
    newest = reading.current().snapshot
    return None if newest == reading.published().snapshot else standing.hindrance(newest)


@query(permission="view_overview")
def publication_state(actor: Actor) -> PublicationState:
    """The publication in figures; raises Unavailable before the first."""
    return standing.state()


@query(permission="view_overview")
def snapshot_current(actor: Actor) -> Source:
    """The newest snapshot and its day; raises BadInput before the first build."""
    return reading.source("current")


@query(permission="view_quarantine")
def quarantine_list(actor: Actor, *, source: str | None = None, limit: int = 50) -> list[dict[str, Any]]:
    """Quarantined rows of the newest snapshot by source, file and line; texts are masked at ingestion.

    Raises NotFound, listing the sources, when neither a declaration nor the snapshot knows the one named.
    Each has ``source, file, line, code, reason, column, raw``; the reason is in the actor's language.
    """
    manifest = reading.current().manifest
    if source is not None and source not in manifest.sources:
        sources.get(source)
    rows = reading.snapshot_table(manifest, quarantine.TABLE)
    if rows is None:
        return []
    chosen = rows if source is None else rows.filter(rows.source == source)
    with reading.snapshot_session(manifest, quarantine.TABLE) as session:
        found = session.query(chosen.order_by("source", "file", "line").limit(limit)).to_pylist()
    return [standing.quarantined(row, actor.locale) for row in found]


@query(permission="view_decision")
def top_actions(actor: Actor, limit: int = 10) -> list[TopAction]:
    """Whom to turn to first: the published actions of greatest value."""
    return marketing.top_actions(actor, limit)


def _source(actor: Actor, at: At) -> Source:
    """What an actor may read from: the newest snapshot only by whose work is for the whole bank."""
    if at == "current":
        require_bank(actor)
    return reading.source(at)


def _published(table: str) -> list[dict[str, Any]]:
    return reading.select(reading.published(), table)


def _packed(actor: Actor, table: str, column: str, customer_id: str) -> list[list[Any]]:
    """What is packed in a customer's one row; empty for a customer without, NotFound for who is no customer."""
    require_visible(actor, customer_id)
    source = reading.source("published")
    rows = reading.select(reading.published(), table, customer_id)
    if not rows:
        reading.require(reading.row(source, "customer_view", customer_id), customer_id, source)
    return list(rows[0][column]) if rows else []


def _entry(raw: Mapping[str, Any]) -> TimelineEntry:
    return TimelineEntry(
        on=date.fromisoformat(raw["on_day"]), at=datetime.fromisoformat(raw["at"]) if raw["at"] else None,
        table=raw["table_name"], kind=raw["kind"], amount_cents=raw["amount_cents"], currency=raw["currency"],
        direction=raw["direction"], channel=raw["channel"], detail=mask_text(raw["detail"] or "") or None,
    )  # fmt: skip


def _month(day: date, known: list[Any] | None) -> MonthlySpend:
    values = dict(zip(MONTH, known, strict=True)) if known else {"spend_cents": 0, "purchases": 0}
    return MonthlySpend(day, values["spend_cents"], values["purchases"])


def _id(text: str) -> str | None:
    """A customer id as it is stored, whatever its case; None for any other text."""
    try:
        return str(UUID(text.strip()))
    except ValueError:
        return None


def _after(text: str | None) -> str | None:
    if not text:
        return None
    found = _id(text)
    if found is None:
        raise BadInput(
            Text(
                f"翻页位置 {text[:80]!r} 不是客户编号：请用上一页末尾给出的编号。",
                f"after {text[:80]!r} is no customer id: give the one that the page before ended with.",
            )
        )
    return found


def _found(actor: Actor, field: str, row: Mapping[str, Any]) -> Found:
    name = governance.identity_masked(actor, row["customer_id"]).fields.get("full_name", "")
    return Found(row["customer_id"], field, name, row.get("tier"), row.get("stage"))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
