"""What a publication holds beside the decisions: one table for each thing that a page reads."""

from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Any

import ibis
import pyarrow as pa

from zhike.core.engine import Session
from zhike.core.errors import Invariant
from zhike.core.fingerprint import fingerprint
from zhike.core.snapshot import Manifest
from zhike.data.asof import Facts
from zhike.data.build import VIEW
from zhike.data.features import features
from zhike.data.segments import classifications, named_segments
from zhike.data.tables import TABLES
from zhike.operations.customers import activity, homes, key_figures, reading
from zhike.operations.customers.publishing import Copying


def copy_pieces(copying: Copying, session: Session, manifest: Manifest, progress: Callable[[str], None]) -> None:
    """Copies view, timeline, monthly spend, distributions, source states and reconciliation."""
    day = reading.as_of(manifest)
    facts = Facts(lambda name: TABLES[name].unbound(), day)
    view = reading.snapshot_table(manifest, VIEW)
    if view is None:
        raise Invariant("The snapshot says that a view was built and holds none: build it again with --full.")
    progress("customer view")
    declared = [*features, *classifications()]
    comments = {each.name: f"{each.title.zh} / {each.title.en}" for each in declared}
    comments |= {each.column: f"{each.title.zh} / {each.title.en}" for each in named_segments()}
    copying.copy(VIEW, session.stream(view.order_by("customer_id")), key="customer_id", comments=comments)
    progress("homes")
    homes.copy_homes(copying, session, facts)
    progress("timelines")
    copy_timelines(copying, session, facts)
    progress("monthly spend")
    rows = activity.packed(session.stream(activity.monthly_spend(facts)), "months", activity.MONTH)
    copying.copy("monthly_spend", rows, key="customer_id", json={"months"})
    progress("key figures")
    copying.copy("kpi", _table(key_figures.rows(manifest), key_figures.SCHEMA))
    copying.copy("distribution", session.query(_distributions(view)).to_reader())
    copying.copy("source_state", _table(_source_states(manifest, session.query(_newest(facts)).to_pylist()), _STATE))
    copying.copy("reconciliation", _table(_reconciliation(manifest), _RECONCILED))


def copy_timelines(copying: Copying, session: Session, facts: Facts) -> None:
    """Of each customer one row; computed only where something changed since the publication before, else kept."""
    prints = session.stream(activity.prints(facts, fingerprint(__package__)))
    copying.copy("timeline_print", prints, key="customer_id")
    changed, wanted = copying.changed("timeline_print"), None
    if changed is not None:
        session.add("changed", changed)
        wanted = ibis.table(ibis.Schema.from_pyarrow(changed.schema), name="changed")
    rows = activity.packed(session.stream(activity.timeline(facts, wanted)), "entries", activity.ENTRY)
    copying.copy("timeline", rows, key="customer_id", json={"entries"}, same="timeline_print")


def _distributions(view: ibis.Table) -> ibis.Table:
    """name, label, customers of every classification."""
    return ibis.union(
        *(
            view.group_by(label=view[each.name])
            .aggregate(customers=view.count())
            .select("label", "customers", name=ibis.literal(each.name))
            for each in classifications()
        )
    )


def _newest(facts: Facts) -> ibis.Table:
    """source, newest: the last business date that each source told of, as of the day."""
    tables = [facts(table.name) for table in TABLES.values() if table.shape == "event"]
    told = ibis.union(*(rows.select("source", "business_date") for rows in tables))
    return told.group_by("source").aggregate(newest=told.business_date.max())


_RECONCILED = pa.schema(
    [
        ("source", pa.string()), ("file", pa.string()), ("rows_in", pa.int64()), ("accepted", pa.int64()),
        ("quarantined", pa.int64()),
    ]
)  # fmt: skip


def _reconciliation(manifest: Manifest) -> Iterable[dict[str, Any]]:
    for batch in manifest.batches.values():
        yield {name: batch[name] for name in _RECONCILED.names}


_STATE = pa.schema(
    [
        ("source", pa.string()), ("files", pa.int64()), ("rows_in", pa.int64()), ("accepted", pa.int64()),
        ("quarantined", pa.int64()), ("newest", pa.date32()),
    ]
)  # fmt: skip


def _source_states(manifest: Manifest, newest: list[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    """What the files of each source add up to."""
    told = {row["source"]: row["newest"] for row in newest}
    batches = sorted(_reconciliation(manifest), key=lambda batch: str(batch["source"]))
    for source, rows in groupby(batches, key=lambda batch: str(batch["source"])):
        files = list(rows)
        sums = {name: sum(file[name] for file in files) for name in ("rows_in", "accepted", "quarantined")}
        yield {"source": source, "files": len(files), "newest": told.get(source), **sums}


def _table(rows: Iterable[dict[str, Any]], schema: pa.Schema) -> pa.RecordBatchReader:
    return pa.Table.from_pylist(list(rows), schema).to_reader()
