"""Copying a snapshot to PostgreSQL: tables named by publication, made from their columns, then one row flipped.

No Django model stands behind a published table: a new feature is a new column the next time. Everything up to the
flip is one transaction, so a publisher that is killed leaves nothing; tables older than the previous publication are
dropped afterwards, by whoever publishes next if this one does not get to it.
"""

import io
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.csv
from django.db import connection
from psycopg import sql

from zhike.core.errors import Invariant
from zhike.operations.customers.publisher import as_publisher, open_to_readers

SCHEMA = "published"
_TYPES = {
    pa.string(): "text",
    pa.large_string(): "text",
    pa.int64(): "bigint",
    pa.int32(): "integer",
    pa.float64(): "double precision",
    pa.bool_(): "boolean",
    pa.date32(): "date",
    pa.timestamp("us", tz="UTC"): "timestamptz",
}
_NUMBERED = re.compile(r"^[a-z_]+_(\d{6})$")


@dataclass
class Copying:
    """The copy of one publication, under way. ``counts`` holds the rows by table."""

    number: int
    counts: dict[str, int] = field(default_factory=dict)

    def copy(
        self,
        name: str,
        rows: pa.RecordBatchReader,
        *,
        key: str = "",
        order: str = "",
        comments: Mapping[str, str] | None = None,
        json: Collection[str] = (),
        same: str = "",
    ) -> None:
        """Makes ``published.<name>_<number>`` and fills it; ``json`` columns are jsonb.

        ``key`` gets a unique index, ``order`` one that lists the greatest first. Beside the rows given, those of the
        publication before stay whose customers' rows in the table ``same`` are equal in both (see `changed`).
        """
        table = self._table(name)
        types = {column.name: "jsonb" if column.name in json else _type(name, column) for column in rows.schema}
        with as_publisher(), connection.cursor() as cursor:
            cursor.execute(_create(table, types))
            open_to_readers(table, rows.schema.names)
            statement = sql.SQL("COPY {} FROM STDIN (FORMAT csv)").format(table)
            count = 0
            with cursor.copy(statement) as copy:
                for batch in rows:
                    copy.write(_csv(batch))
                    count += batch.num_rows
            if same and self._before(same):
                cursor.execute(self._kept(name, rows.schema.names, same))
                count += cursor.rowcount
            if key:
                cursor.execute(sql.SQL("CREATE UNIQUE INDEX ON {} ({})").format(table, sql.Identifier(key)))
            if order:
                cursor.execute(sql.SQL("CREATE INDEX ON {} ({} DESC)").format(table, sql.Identifier(order)))
            for column, text in (comments or {}).items():
                if column in types:
                    comment = sql.SQL("COMMENT ON COLUMN {}.{} IS {}")
                    cursor.execute(comment.format(table, sql.Identifier(column), sql.Literal(text)))
            cursor.execute(sql.SQL("ANALYZE {}").format(table))
        self.counts[name] = count

    def changed(self, same: str) -> pa.Table | None:
        """customer_id of the rows of table ``same``, just copied, that the publication before has not; None: all."""
        if not self._before(same):
            return None
        statement = sql.SQL("SELECT customer_id FROM (TABLE {} EXCEPT TABLE {}) AS fresh ORDER BY customer_id")
        with as_publisher(), connection.cursor() as cursor:
            cursor.execute(statement.format(self._table(same), self._table(same, 1)))
            return pa.table({"customer_id": pa.array([each for (each,) in cursor.fetchall()], pa.string())})

    def _kept(self, name: str, columns: Sequence[str], same: str) -> sql.Composed:
        return sql.SQL(
            "INSERT INTO {} ({columns}) SELECT {columns} FROM {} WHERE customer_id IN"
            " (SELECT customer_id FROM (TABLE {} INTERSECT TABLE {}) AS same)"
        ).format(
            self._table(name), self._table(name, 1), self._table(same), self._table(same, 1),
            columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
        )  # fmt: skip

    def _before(self, name: str) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [self._table(name, 1).as_string()])
            return bool(cursor.fetchone()[0])

    def _table(self, name: str, back: int = 0) -> sql.Identifier:
        return sql.Identifier(SCHEMA, f"{name}_{self.number - back:06d}")


def drop_published(keep: Collection[int]) -> int:
    """Drops published tables of all other publications; returns how many."""
    dropped = 0
    with as_publisher(), connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY tablename", [SCHEMA])
        for (name,) in cursor.fetchall():
            numbered = _NUMBERED.match(name)
            if numbered and int(numbered[1]) not in keep:
                cursor.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(SCHEMA, name)))
                dropped += 1
    return dropped


def _create(table: sql.Identifier, types: Mapping[str, str]) -> sql.Composed:
    columns = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(kind)) for name, kind in types.items()
    )
    return sql.SQL("CREATE TABLE {} ({})").format(table, columns)


def _type(table: str, column: pa.Field) -> str:
    if column.type not in _TYPES:
        raise Invariant(f"{table}.{column.name} is of type {column.type}, which cannot be published.")
    return _TYPES[column.type]


def _csv(batch: pa.RecordBatch) -> bytes:
    text = io.BytesIO()
    pyarrow.csv.write_csv(batch, text, pyarrow.csv.WriteOptions(include_header=False))
    return text.getvalue()
