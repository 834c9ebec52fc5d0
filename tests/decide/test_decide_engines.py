"""The same decision on the embedded PostgreSQL (the live road) and on Spark as on DuckDB."""

import ibis
import pytest
from decision_reference import READ, SCHEMA, decided, random_customers, session_of, view_of_inputs

from zhike.core import engine, postgres
from zhike.core.workspace import workspace
from zhike.data.segment_language import fields, parse
from zhike.decide.arbitrate import next_best_action
from zhike.decide.inputs import VIEW

CUSTOMERS = random_customers(1_500, 99)
_TYPES = {"string": "text", "int64": "bigint", "float64": "double precision"}
SEGMENTS = ["stage = 'dormant' and not (owed_cents > 0)", "utilisation between 0.1 and 0.95 or limit_cents is null"]


def test_postgres_decides_as_duckdb() -> None:
    import psycopg

    view = view_of_inputs()
    columns = {name: _TYPES[str(dtype)] for name, dtype in view.schema().items()}
    with postgres.running(workspace()) as url, psycopg.connect(url) as connection:
        definition = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
        connection.execute(f"CREATE TEMPORARY TABLE {VIEW} ({definition})")
        with connection.cursor().copy(f"COPY {VIEW} FROM STDIN") as copy:
            for row in CUSTOMERS:
                copy.write_row([row[name] for name in columns])
        cursor = connection.execute(ibis.to_sql(next_best_action(view).order_by("customer_id"), dialect="postgres"))
        names = [column.name for column in cursor.description or ()]
        assert [dict(zip(names, row, strict=True)) for row in cursor.fetchall()] == decided(CUSTOMERS)
        for text in SEGMENTS:
            predicate = parse(text, fields(view.schema())).predicate(view)
            counted = connection.execute(ibis.to_sql(view.filter(predicate).count(), dialect="postgres")).fetchone()
            assert counted is not None
            assert counted[0] == _count(text)


def _count(text: str) -> int:
    view = view_of_inputs()
    with session_of(CUSTOMERS) as session:
        predicate = parse(text, fields(view.schema())).predicate(view)
        return session.query(view.filter(predicate).count().as_table())[0][0].as_py()


# PySpark leaves its sockets to the garbage collector.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.spark
def test_spark_decides_as_duckdb() -> None:
    import pyarrow as pa

    with engine.spark_session({}, "local[2]") as spark:
        spark.add(VIEW, pa.Table.from_pylist(CUSTOMERS, SCHEMA))
        found = spark.query(next_best_action(view_of_inputs()).order_by("customer_id")).to_pylist()
        assert found == decided(CUSTOMERS)
        view = view_of_inputs()
        for text in SEGMENTS:
            predicate = parse(text, fields(view.schema())).predicate(view)
            assert spark.query(view.filter(predicate).count().as_table())[0][0].as_py() == _count(text)


def test_reads_what_the_record_says() -> None:
    assert set(READ) == set(SCHEMA.names) - {"customer_id"}
