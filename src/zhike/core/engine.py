"""The only file that names DuckDB or Spark: it runs Ibis expressions over Parquet files.

Expressions are made on unbound tables. A session gives every table its files, compiles an expression to the
engine's SQL and runs it there: Ibis compiles, the engine runs, so a DuckDB connection can be locked first.
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import duckdb
import ibis
import pyarrow as pa

from zhike.core.errors import Unavailable
from zhike.core.text import Text

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_BATCH_ROWS = 122_880


@dataclass(frozen=True)
class Files:
    """A table for a session: its schema and its Parquet files (none gives an empty table)."""

    schema: pa.Schema
    paths: Sequence[Path]


@dataclass(frozen=True)
class Limits:
    """What a session may use. ``spill`` None forbids temporary files; ``seconds`` None lets it run."""

    threads: int = 1
    memory_mb: int = 512
    spill: Path | None = None
    seconds: float | None = None


class Session(Protocol):
    """Tables by name on one engine."""

    def query(self, expression: ibis.Expr) -> pa.Table:
        """The result, whole."""
        ...

    def stream(self, expression: ibis.Expr) -> pa.RecordBatchReader:
        """The result in batches, in the order of the expression."""
        ...

    def add(self, name: str, rows: pa.Table) -> None:
        """Gives the session an in-memory table, replacing one of that name."""
        ...

    def keep(self, name: str, expression: ibis.Table) -> ibis.Table:
        """Works an expression out once, for many to read under that name."""
        ...


def sql(expression: ibis.Expr, dialect: str = "duckdb") -> str:
    """The SQL of an expression: ``duckdb``, ``databricks`` (Spark) or ``postgres``."""
    return str(ibis.to_sql(expression, dialect=dialect))


@contextmanager
def duckdb_session(tables: Mapping[str, Files], limits: Limits) -> Iterator["DuckSession"]:
    """An in-memory DuckDB over the files of ``tables``, locked: it can open nothing else."""
    connection = duckdb.connect(":memory:", config=_duck_config(limits))
    try:
        yield DuckSession(connection, tables, limits)
    finally:
        connection.close()


_EMPTY = "rows_of_nothing"


class DuckSession:
    """A `Session` on DuckDB."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, tables: Mapping[str, Files], limits: Limits) -> None:
        self.connection = connection
        self._seconds = limits.seconds
        connection.execute("SET TimeZone = 'UTC'")
        for name, files in tables.items():
            self._attach(name, files)
        folders = sorted({str(path.parent) for files in tables.values() for path in files.paths})
        folders += [str(limits.spill)] if limits.spill else []
        # The order matters: external access off alone would refuse our own Parquet files.
        connection.execute("SET allowed_directories = " + _list(folders))
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")

    def _attach(self, name: str, files: Files) -> None:
        if files.paths:
            paths = _list([str(path) for path in files.paths])
            self.connection.execute(f"CREATE VIEW {_quoted(name)} AS SELECT * FROM read_parquet({paths})")
            return
        # A table of its own: a scan of Arrow refuses some filters that DuckDB pushes into it from a join.
        self.connection.register(_EMPTY, files.schema.empty_table())
        self.connection.execute(f"CREATE TABLE {_quoted(name)} AS SELECT * FROM {_EMPTY}")
        self.connection.unregister(_EMPTY)

    def add(self, name: str, rows: pa.Table) -> None:
        self.connection.register(name, rows)

    def keep(self, name: str, expression: ibis.Table) -> ibis.Table:
        with self._timer():
            self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {_quoted(name)} AS {sql(expression)}")
        return ibis.table(expression.schema(), name=name)

    def query(self, expression: ibis.Expr) -> pa.Table:
        return self.query_sql(sql(expression)).cast(_schema(expression))

    def query_sql(self, statement: str, parameters: Sequence[Any] = ()) -> pa.Table:
        """Runs compiled SQL, so that a caller may compile once and run often."""
        with self._timer():
            return self.connection.execute(statement, list(parameters)).to_arrow_table()

    def stream(self, expression: ibis.Expr) -> pa.RecordBatchReader:
        with self._timer():
            return self.connection.execute(sql(expression)).to_arrow_reader(_BATCH_ROWS).cast(_schema(expression))

    @contextmanager
    def _timer(self) -> Iterator[None]:
        """DuckDB has no statement timeout: interrupt from outside."""
        if self._seconds is None:
            yield
            return
        timer = threading.Timer(self._seconds, self.connection.interrupt)
        timer.start()
        try:
            yield
        except duckdb.InterruptException:
            said = Text(
                f"查询超过 {self._seconds:g} 秒：请缩小范围后重试。",
                f"The query took longer than {self._seconds:g} s: narrow it and try again.",
            )
            raise Unavailable(said) from None
        finally:
            timer.cancel()


@contextmanager
def spark_session(tables: Mapping[str, Files], master: str) -> Iterator["SparkTables"]:
    """The same tables on Spark: ``master`` is a master or a Spark Connect URL (``sc://…``)."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise Unavailable("ZHIKE_ENGINE=spark needs pyspark: install zhike[spark].") from None
    builder = SparkSession.builder
    builder = builder.remote(master) if master.startswith("sc://") else builder.master(master)
    for key, value in _SPARK_CONFIG.items():
        builder = builder.config(key, value)
    spark = builder.getOrCreate()
    try:
        yield SparkTables(spark, tables)
    finally:
        spark.stop()


_SPARK_CONFIG = {
    "spark.sql.session.timeZone": "UTC",
    # Spark's own defaults differ from SQL here: a division by zero or a bad cast must not become something else.
    "spark.sql.ansi.enabled": "true",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "2",
}


class SparkTables:
    """A `Session` on Spark."""

    def __init__(self, spark: "SparkSession", tables: Mapping[str, Files]) -> None:
        self.spark = spark
        for name, files in tables.items():
            if files.paths:
                rows = spark.read.parquet(*(str(path) for path in files.paths))
                rows.createOrReplaceTempView(name)
            else:
                self._add_empty(name, files.schema)

    def add(self, name: str, rows: pa.Table) -> None:
        self.spark.createDataFrame(rows).createOrReplaceTempView(name)

    def keep(self, name: str, expression: ibis.Table) -> ibis.Table:
        self.spark.sql(sql(expression, "databricks")).cache().createOrReplaceTempView(name)
        return ibis.table(expression.schema(), name=name)

    def _add_empty(self, name: str, schema: pa.Schema) -> None:
        """By its schema in words: an empty Arrow table costs Spark a second each."""
        from pyspark.sql.pandas.types import from_arrow_schema

        self.spark.createDataFrame([], from_arrow_schema(schema)).createOrReplaceTempView(name)

    def query(self, expression: ibis.Expr) -> pa.Table:
        rows = self.spark.sql(sql(expression, "databricks")).toArrow()
        # Spark tells which columns it proved to be never null; the schema of a table must not depend on that.
        return rows.cast(pa.schema([field.with_nullable(True) for field in rows.schema]))

    def stream(self, expression: ibis.Expr) -> pa.RecordBatchReader:
        return self.query(expression).to_reader(_BATCH_ROWS)


def _schema(expression: ibis.Expr) -> pa.Schema:
    """The types that the expression declares: DuckDB widens sums of int64, Ibis leaves out the cast back."""
    declared = expression.as_table().schema().to_pyarrow()
    return pa.schema([pa.field(column.name, column.type) for column in declared])


def _duck_config(limits: Limits) -> dict[str, str | bool | int | float | list[str]]:
    return {
        "threads": limits.threads,
        "memory_limit": f"{limits.memory_mb}MiB",
        "temp_directory": str(limits.spill or ""),
        "python_enable_replacements": "false",
        "autoload_known_extensions": "false",
        "autoinstall_known_extensions": "false",
    }


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _list(texts: Sequence[str]) -> str:
    return "[" + ", ".join("'" + text.replace("'", "''") + "'" for text in texts) + "]"
