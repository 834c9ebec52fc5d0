"""The whole view, segments and decisions of a made bank on Spark equal those of DuckDB, column by column."""

import ibis
import pyarrow as pa
import pytest
from delivering import MemoryVault, taken, workspace_at

from zhike import sandbox
from zhike.core.engine import Files, Limits, duckdb_session, spark_session
from zhike.core.snapshot import SnapshotStore
from zhike.core.workspace import Workspace
from zhike.data.build import VIEW, view_expression
from zhike.data.kpis import kpis
from zhike.data.measuring import by_branch, facts_in
from zhike.data.tables import TABLES
from zhike.decide.arbitrate import next_best_action
from zhike.decide.terms import unknown_consent

# PySpark leaves its sockets to the garbage collector.
pytestmark = [
    pytest.mark.spark,
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]
CUSTOMERS = 2_000


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, sandbox.Made]:
    folder = tmp_path_factory.mktemp("made")
    made = sandbox.make(folder / "files", customers=CUSTOMERS, months=3, seed=2)
    workspace = workspace_at(folder / "home")
    for source in ("made_core", "made_cards"):
        taken(folder / "files", workspace, MemoryVault(), source)
    return workspace, made


def test_spark_equals_duckdb(bank: tuple[Workspace, sandbox.Made]) -> None:
    workspace, made = bank
    store = SnapshotStore(workspace)
    tables = {name: Files(table.arrow_schema(), store.paths(store.current(), name)) for name, table in TABLES.items()}
    view = view_expression(made.last_day, "CNY")
    with duckdb_session(tables, Limits()) as duck, spark_session(tables, "local[2]") as spark:
        built = duck.query(view)
        assert built.num_rows > CUSTOMERS * 0.9
        _equal(spark.query(view), built)
        duck.add(VIEW, built)
        spark.add(VIEW, built)
        rows = ibis.table(view.schema(), name=VIEW)
        decision = next_best_action(rows, unknown_consent("refuse", "test")).order_by("customer_id")
        decided = duck.query(decision)
        assert len(set(decided["winner"].to_pylist())) >= 3
        _equal(spark.query(decision), decided)
        day = made.last_day
        figures = by_branch(duck, kpis, facts_in(duck, day))
        assert by_branch(spark, kpis, facts_in(spark, day)) == figures
        assert sum(len(branches) > 1 for branches in figures.values()) > 40


def _equal(found: pa.Table, expected: pa.Table) -> None:
    assert found.schema.names == expected.schema.names
    for name in expected.schema.names:
        assert found[name].to_pylist() == expected[name].to_pylist(), f"column {name} differs"
