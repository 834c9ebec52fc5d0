"""KPIs of the newest snapshot as of any day, whole, month by month or split; and whether they tie."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import ibis
import pyarrow as pa

from zhike.core.actor import Actor
from zhike.core.engine import Session
from zhike.core.errors import BadInput
from zhike.core.snapshot import Manifest, SnapshotStore
from zhike.core.text import Text
from zhike.core.workspace import workspace
from zhike.data.asof import Facts
from zhike.data.build import VIEW, open_session, view_expression
from zhike.data.kpis import Kpi, kpis
from zhike.data.measuring import Measured, facts_in, months, pieces, whole
from zhike.data.reconciliation import Tie, reconcile
from zhike.data.segments import classifications, named_segments
from zhike.data.splits import Beside, Split, splits
from zhike.operations.customers import reading
from zhike.operations.customers.shapes import KpiPiece
from zhike.operations.governance import teams
from zhike.operations.governance.acting import query
from zhike.operations.governance.visibility import require_bank

MONTH = "month"
_PEOPLE = pa.schema([("party_id", pa.string()), ("person", pa.string())])


@query(permission="view_overview")
def kpi_measure(
    actor: Actor, name: str | None = None, *, by: str | None = None, as_of: date | None = None
) -> list[KpiPiece]:
    """The figures of one KPI or of all, of the bank, by month or by a split; of the view's day unless one is given.

    Raises NotFound for an unknown KPI, BadInput for an unknown split or one that the KPI named cannot be split by; of
    all KPIs those that cannot are left out.
    """
    require_bank(actor)
    chosen = [kpis.get(name)] if name else list(kpis)
    split = None if by in (None, MONTH) else _split(str(by))
    manifest = reading.current().manifest
    day = as_of or reading.as_of(manifest)
    with _session(manifest) as session:
        facts = facts_in(session, day)
        if by == MONTH:
            return [_piece(kpi, found, MONTH, {}, True) for kpi in chosen for found in months(session, kpi, facts)]
        if split is None:
            return [_piece(kpi, whole(session, kpi, facts), "", {}, True) for kpi in chosen]
        beside, titles = _beside(actor, session, split, manifest, day), _titles(session, split, facts)
        return [
            _piece(kpi, found, split.name, titles, split.adds_up)
            for kpi in chosen
            if name or split.places(kpi.rows(facts, kpi.period(day)).columns)
            for found in pieces(session, kpi, facts, split, beside)
        ]


@query(permission="view_overview")
def kpi_reconcile(actor: Actor, *, as_of: date | None = None) -> list[Tie]:
    """Statements against the movements between them, as known on a day; each check with every row that does not tie."""
    require_bank(actor)
    manifest = reading.current().manifest
    with _session(manifest) as session:
        return reconcile(session, facts_in(session, as_of or reading.as_of(manifest)))


@contextmanager
def _session(manifest: Manifest) -> Iterator[Session]:
    derived = [VIEW] if manifest.tables.get(VIEW) else []
    with open_session(SnapshotStore(workspace()), manifest, *derived) as session:
        yield session


def _split(name: str) -> Split:
    known = splits()
    if name not in known:
        there_are = ", ".join((*known, MONTH))
        raise BadInput(
            Text(f"不能按 {name!r} 拆分：可用 {there_are}。", f"There is no split by {name!r}: there are {there_are}.")
        )
    return known[name]


def _beside(actor: Actor, session: Session, split: Split, manifest: Manifest, day: date) -> Beside:
    view = _view(session, manifest, day) if split.needs_view else None
    return Beside(view, _people(actor, session, day) if split.needs_people else None)


def _view(session: Session, manifest: Manifest, day: date) -> ibis.Table:
    """The customer view of the day: the one that was built, else made now."""
    built = reading.snapshot_table(manifest, VIEW)
    if built is not None and reading.as_of(manifest) == day:
        return built
    return session.keep("kept_view", view_expression(day, str(workspace().currency)))


def _people(actor: Actor, session: Session, day: date) -> ibis.Table:
    rows = [{"party_id": party, "person": person} for party, person in teams.assigned_on(actor, day).items()]
    session.add("kept_people", pa.Table.from_pylist(rows, _PEOPLE))
    return ibis.table(ibis.Schema.from_pyarrow(_PEOPLE), name="kept_people")


def _titles(session: Session, split: Split, facts: Facts) -> dict[str, Text]:
    """Words for the labels of a split, where the facts or the declarations have some."""
    if split.name == "branch":
        rows = session.query(facts("branch").select("branch_id", "name")).to_pylist()
        return {str(row["branch_id"]): Text(row["name"], row["name"]) for row in rows if row["name"]}
    if split.name == "product":
        rows = session.query(facts("product").select("product_code", "name_zh", "name_en")).to_pylist()
        return {row["product_code"]: _both(row) for row in rows}
    if split.name == "segment":
        return {segment.name: segment.title for segment in named_segments()}
    return {label.name: label.title for each in classifications() if each.name == split.name for label in each.labels}


def _both(row: dict[str, Any]) -> Text:
    named = row["name_zh"] or row["name_en"] or row["product_code"]
    return Text(named, row["name_en"] or named)


def _piece(kpi: Kpi, found: Measured, by: str, titles: dict[str, Text], adds_up: bool) -> KpiPiece:
    return KpiPiece(
        name=kpi.name, by=by, label=found.label, title=titles.get(found.label or ""), value=kpi.value(found.sums),
        unit=kpi.unit, as_of=found.as_of, start=found.period.start, end=found.period.end, part=found.sums.part,
        whole=found.sums.whole, adds_up=adds_up,
    )  # fmt: skip
