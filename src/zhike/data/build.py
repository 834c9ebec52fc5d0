"""The customer view: one row per customer as of a date, built from the facts of the current snapshot."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date

import ibis
import pyarrow as pa

from zhike.core.engine import Files, Limits, Session, duckdb_session, spark_session
from zhike.core.errors import BadInput, Invariant
from zhike.core.failpoint import failpoint
from zhike.core.fingerprint import fingerprint
from zhike.core.settings import settings
from zhike.core.snapshot import Manifest, SnapshotStore
from zhike.core.workspace import Workspace
from zhike.data.asof import Facts
from zhike.data.compiler import compile_view
from zhike.data.features import features
from zhike.data.segments import add_segments
from zhike.data.spill import spill_folder
from zhike.data.tables import TABLES

VIEW = "customer_view"


@dataclass(frozen=True)
class Built:
    """What a build did: ``fresh`` is False when the view for these facts, day and code stood already."""

    snapshot: str
    as_of: date
    customers: int
    fresh: bool


def build(
    workspace: Workspace, as_of: date, *, full: bool = False, progress: Callable[[str], None] | None = None
) -> Built:
    """Builds the view as of ``as_of`` and makes it current.

    Raises BadInput when nothing is loaded, Invariant when an amount is in a foreign currency.
    """
    store = SnapshotStore(workspace)
    with workspace.writer():
        manifest = store.current()
        if not manifest.tables.get("party"):
            raise BadInput(f"Nothing is loaded in {workspace.home}: run `zhike load SOURCE DIR` first.")
        inputs = _inputs(manifest, as_of)
        if manifest.steps.get(VIEW) == inputs and not full:
            return Built(str(store.current_id()), as_of, manifest.rows(VIEW), fresh=False)
        if progress:
            progress("view")
        with open_session(store, manifest) as session:
            _require_one_currency(session, str(workspace.currency))
            view = session.stream(view_expression(as_of, str(workspace.currency)))
            file = store.add(VIEW, "", view)
        if not file.rows:
            raise BadInput(f"No customer was known on {as_of}: choose a later day; the view in place stays.")
        failpoint("build.view_written")
        built = manifest.with_table(VIEW, [file], view.schema)
        built = replace(built, steps={**manifest.steps, VIEW: inputs})
        return Built(store.publish(built, "build"), as_of, file.rows, fresh=True)


def view_expression(as_of: date, currency: str) -> ibis.Table:
    """The whole view as one expression over the canonical tables, ordered by customer."""
    view = compile_view(Facts(lambda name: TABLES[name].unbound(), as_of), features)
    view = view.mutate(currency=ibis.literal(currency))
    return add_segments(view).order_by("customer_id")


@contextmanager
def open_session(store: SnapshotStore, manifest: Manifest, *derived: str) -> Iterator[Session]:
    """The canonical tables of a snapshot, and the ``derived`` ones named, on the engine of the settings."""
    chosen = settings()
    tables = {name: Files(table.arrow_schema(), store.paths(manifest, name)) for name, table in TABLES.items()}
    tables |= {name: Files(pa.schema([]), store.paths(manifest, name)) for name in derived}
    if chosen.engine == "spark":
        with spark_session(tables, chosen.spark_master) as spark:
            yield spark
        return
    with (
        spill_folder(store.workspace) as spill,
        duckdb_session(tables, Limits(chosen.threads, chosen.memory_mb, spill)) as duck,
    ):
        yield duck


def _inputs(manifest: Manifest, as_of: date) -> dict[str, str]:
    """What decides the content of the view: facts, day, code. Not the engine: both give the same rows."""
    return {
        "facts": manifest.content_hash(TABLES),
        "as_of": as_of.isoformat(),
        "code": fingerprint("zhike.data"),
    }


def _require_one_currency(session: Session, currency: str) -> None:
    """No sum mixes currencies: every billing amount is in the reporting currency."""
    for table in TABLES.values():
        if "currency" not in table.names:
            continue
        rows = table.unbound()
        foreign = rows.filter(rows.currency != currency).aggregate(rows=lambda kept: kept.count())
        count = session.query(foreign)["rows"][0].as_py()
        if count:
            raise Invariant(
                f"{count} rows of {table.name} are not in {currency}, the workspace's reporting currency: "
                "convert them in the source before loading."
            )
