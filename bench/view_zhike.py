"""Our side: the declared features, compiled, over the same Parquet files."""

import os
import sys
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq

from zhike.core.engine import Files, Limits, duckdb_session
from zhike.core.snapshot import SnapshotStore
from zhike.core.workspace import open_workspace
from zhike.data.asof import Facts
from zhike.data.compiler import compile_view
from zhike.data.features import features
from zhike.data.tables import TABLES


def run(home: Path, out: Path, as_of: date, memory_mb: int, spill: Path, like: Path) -> None:
    """Writes the columns that the peer's file ``like`` has: a feature declared later does not make the work unequal."""
    wanted = set(pq.read_schema(like).names)
    store = SnapshotStore(open_workspace(home))
    manifest = store.current()
    tables = {name: Files(table.arrow_schema(), store.paths(manifest, name)) for name, table in TABLES.items()}
    needed = [features.get(name) for name in sorted(_with_needs(wanted & features.all().keys()))]
    view = compile_view(Facts(lambda name: TABLES[name].unbound(), as_of), needed)
    view = view.select([name for name in view.columns if name in wanted])
    with duckdb_session(tables, Limits(2, memory_mb, spill)) as session:
        file = store.add("bench_view", "", session.stream(view.order_by("customer_id")))
    os.replace(store.path(file), out)


def _with_needs(names: set[str]) -> set[str]:
    """The features and all that they are derived from."""
    more = {need for name in names for need in getattr(features.get(name), "needs", ())} - names
    return _with_needs(names | more) if more else names


if __name__ == "__main__":
    home, out, as_of, memory_mb, spill, like = sys.argv[1:]
    run(Path(home), Path(out), date.fromisoformat(as_of), int(memory_mb), Path(spill), Path(like))
