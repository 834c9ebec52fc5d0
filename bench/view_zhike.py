"""Our side: the declared features, compiled, over the same Parquet files."""

import sys
from datetime import date
from pathlib import Path

from zhike.core.engine import Files, Limits, duckdb_session
from zhike.core.snapshot import SnapshotStore
from zhike.core.workspace import open_workspace
from zhike.data.asof import Facts
from zhike.data.compiler import compile_view
from zhike.data.features import features
from zhike.data.tables import TABLES


def run(home: Path, as_of: date, memory_mb: int, spill: Path) -> None:
    store = SnapshotStore(open_workspace(home))
    manifest = store.current()
    tables = {name: Files(table.arrow_schema(), store.paths(manifest, name)) for name, table in TABLES.items()}
    view = compile_view(Facts(lambda name: TABLES[name].unbound(), as_of), features)
    with duckdb_session(tables, Limits(2, memory_mb, spill)) as session:
        store.add("customer_view", "", session.stream(view.order_by("customer_id")))


if __name__ == "__main__":
    run(Path(sys.argv[1]), date.fromisoformat(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
