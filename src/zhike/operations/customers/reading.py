"""Where reads come from: the publication (web, API), or the current snapshot (command line), by one set of names.

The snapshot id is read once per question, of a page once per page; everything else of the answer is taken from that
snapshot or from the tables of that publication.
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Literal

import ibis
import pyarrow.parquet as pq
from django.db import connection
from psycopg import sql

from zhike.core.engine import DuckSession, Files, Limits, duckdb_session
from zhike.core.errors import BadInput, NotFound, Unavailable
from zhike.core.snapshot import Manifest, SnapshotStore
from zhike.core.text import Text
from zhike.core.workspace import workspace
from zhike.data.build import VIEW
from zhike.operations.customers.models import Publication
from zhike.operations.customers.publishing import SCHEMA
from zhike.operations.customers.shapes import Published

_HELD: ContextVar[list[Published] | None] = ContextVar("held", default=None)  # empty until something asks
_JSONB = 3802  # the type's number in every PostgreSQL
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
At = Literal["published", "current"]
NOT_BUILT = Text(
    "尚未构建客户视图：请运行 `zhike build --as-of 日期`。",
    "No customer view is built yet: run `zhike build --as-of DATE`.",
)


@dataclass(frozen=True)
class Source:
    """The snapshot that answers a question; ``published`` None when it is read from its files."""

    snapshot: str
    as_of: date
    published: Published | None


@dataclass(frozen=True)
class Newest:
    """The newest snapshot."""

    snapshot: str
    manifest: Manifest


def current() -> Newest:
    """The newest snapshot; raises BadInput before the first load."""
    snapshot = SnapshotStore(workspace()).current_id()
    if snapshot is None:
        raise BadInput(
            Text("尚未加载数据：请运行 `zhike load 来源 目录`。", "Nothing is loaded yet: run `zhike load SOURCE DIR`.")
        )
    return Newest(snapshot, manifest_of(snapshot))


@lru_cache(maxsize=4)
def manifest_of(snapshot: str) -> Manifest:
    """A snapshot's manifest; it never changes, and a large one takes a while to read."""
    return SnapshotStore(workspace()).load(snapshot)


def source(at: At) -> Source:
    """Raises Unavailable when nothing is published, BadInput when nothing is built."""
    if at == "published":
        known = published()
        return Source(known.snapshot, known.as_of, known)
    newest = current()
    return Source(newest.snapshot, as_of(newest.manifest), None)


@contextmanager
def at_one_publication() -> Iterator[None]:
    """All reads inside are of one publication: the one that stood when the first of them asked.

    Its tables stay until the publication after the next.
    """
    mark = _HELD.set([])
    try:
        yield
    finally:
        _HELD.reset(mark)


def published() -> Published:
    """What is published now, or was `at_one_publication`; raises Unavailable before the first publication."""
    held = _HELD.get()
    if held is None:
        return _published_now()
    if not held:
        held.append(_published_now())
    return held[0]


def _published_now() -> Published:
    row = Publication.objects.values_list("number", "snapshot", "as_of", "at").first()
    if row is None:
        raise Unavailable(
            Text(
                "尚未发布数据：请先加载、构建、决策，再运行 `zhike publish`。",
                "Nothing is published yet: load, build and decide, then run `zhike publish`.",
            )
        )
    return Published(*row)


def as_of(manifest: Manifest) -> date:
    """The day that a snapshot's view speaks of; raises BadInput when no view is built."""
    step = manifest.steps.get(VIEW)
    if step is None:
        raise BadInput(NOT_BUILT)
    return date.fromisoformat(str(step["as_of"]))


def row(of: Source, table: str, customer_id: str) -> dict[str, Any] | None:
    """The row of one customer in the view or another table with a row per customer; None when there is none."""
    if not _ID.fullmatch(customer_id):
        return None
    if of.published is not None:
        found = select(of.published, table, customer_id)
        return found[0] if found else None
    manifest = manifest_of(of.snapshot)
    rows = snapshot_table(manifest, table)
    if rows is None:
        return None
    with snapshot_session(manifest, table) as session:
        found = session.query(rows.filter(rows.customer_id == customer_id)).to_pylist()
    return found[0] if found else None


def select(of: Published, table: str, customer_id: str | None = None) -> list[dict[str, Any]]:
    """Rows of a published table, of one customer or all; empty when this publication has no such table."""
    name = of.table(table)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [f"{SCHEMA}.{name}"])
        if cursor.fetchone()[0] is None:
            return []
        statement = sql.SQL("SELECT * FROM {}").format(sql.Identifier(SCHEMA, name))
        if customer_id is None:
            cursor.execute(statement)
        else:
            cursor.execute(statement + sql.SQL(" WHERE customer_id = %s"), [customer_id])
        return rows_of(cursor)


def rows_of(cursor: Any) -> list[dict[str, Any]]:
    """What a cursor selected, by column; Django leaves jsonb of plain SQL as text, here it is read."""
    columns = [(column.name, column.type_code == _JSONB) for column in cursor.description]
    return [
        {name: json.loads(value) if is_json else value for (name, is_json), value in zip(columns, values, strict=True)}
        for values in cursor.fetchall()
    ]


def snapshot_table(manifest: Manifest, table: str) -> ibis.Table | None:
    """A derived table of a snapshot as an unbound expression; None when the snapshot has none."""
    paths = SnapshotStore(workspace()).paths(manifest, table)
    if not paths:
        return None
    return ibis.table(ibis.Schema.from_pyarrow(pq.read_schema(paths[0])), name=table)


@contextmanager
def snapshot_session(manifest: Manifest, *tables: str) -> Iterator[DuckSession]:
    """A small in-memory DuckDB over derived tables of a snapshot."""
    store = SnapshotStore(workspace())
    files = {name: Files(pq.read_schema(paths[0]), paths) for name in tables if (paths := store.paths(manifest, name))}
    with duckdb_session(files, Limits(seconds=30)) as session:
        yield session


def require(found: Mapping[str, Any] | None, customer_id: str, of: Source) -> Mapping[str, Any]:
    """The row, or NotFound: no such customer, or not visible, is never told apart."""
    if found is None:
        raise NotFound(
            Text(f"截至 {of.as_of} 没有客户 {customer_id}。", f"There is no customer {customer_id} as of {of.as_of}.")
        )
    return found
