"""Counting and listing segments: one thread's in-memory DuckDB over the view of one snapshot.

A thread keeps its session while the snapshot stays, and compiled SQL is kept, so a count costs the count alone. Count
and list of one question are answered by one session, hence by one snapshot: a publication in between cannot part them.
"""

import threading
from collections.abc import Sequence
from contextlib import ExitStack
from functools import lru_cache
from typing import Any

import ibis
import pyarrow.parquet as pq

from zhike.core.engine import DuckSession, Files, Limits, duckdb_session, sql
from zhike.core.errors import BadInput
from zhike.core.snapshot import SnapshotStore
from zhike.core.text import Text
from zhike.core.workspace import workspace
from zhike.data.build import VIEW
from zhike.data.segment_language import Field, fields, parse
from zhike.operations.customers.reading import NOT_BUILT, manifest_of

_LIMITS = Limits(threads=1, memory_mb=512, seconds=10)
_MOST_ROWS = 1_000
# Columns of the view that no door gives and no condition may name: the age says enough, a day of birth points at few.
HIDDEN = ("birth_date",)
LIST_COLUMNS = ("customer_id", "tier", "stage", "spend_90d_cents", "days_since_last_use")

# The customers whom the asker sees, None for all: no count and no list is made over others.
Among = Sequence[str] | None
_AMONG = "customer_id IN (SELECT unnest(?))"


class _Kept(threading.local):
    """The session of this thread, and the snapshot that it reads."""

    snapshot: str = ""
    session: "View | None" = None


class View:
    """The customer view of one snapshot, open for questions."""

    def __init__(self, snapshot: str) -> None:
        store = SnapshotStore(workspace())
        paths = store.paths(manifest_of(snapshot), VIEW)
        if not paths:
            raise BadInput(NOT_BUILT)
        arrow = pq.read_schema(paths[0])
        self.schema = ibis.Schema.from_pyarrow(arrow)
        self._stack = ExitStack()
        self._session: DuckSession = self._stack.enter_context(duckdb_session({VIEW: Files(arrow, paths)}, _LIMITS))

    def close(self) -> None:
        self._stack.close()

    def count(self, expression: str, among: Among) -> int:
        """Customers that the expression selects; raises BadInput on a fault in it, Unavailable after 10 s."""
        statement = _count_sql(expression, self.schema, among is not None)
        bound = [] if among is None else [list(among)]
        return int(self._session.query_sql(statement, bound)["customers"][0].as_py())

    def rows(
        self, expression: str, columns: tuple[str, ...], limit: int, after: str | None, among: Among
    ) -> list[dict[str, Any]]:
        """At most ``limit`` rows in order of id, those after ``after``; the columns that the view has, its id first."""
        statement = _rows_sql(expression, self.schema, columns, among is not None)
        bound = [] if among is None else [list(among)]
        return self._session.query_sql(statement, [*bound, after or "", limit]).to_pylist()


def view(snapshot: str) -> View:
    """The view of a snapshot on this thread; another snapshot's session is closed first."""
    if _KEPT.session is None or _KEPT.snapshot != snapshot:
        if _KEPT.session is not None:
            _KEPT.session.close()
            _KEPT.session = None
        _KEPT.session, _KEPT.snapshot = View(snapshot), snapshot
    return _KEPT.session


def page_size(limit: int) -> int:
    """Raises BadInput unless the page is between 1 and 1,000 rows."""
    if not 1 <= limit <= _MOST_ROWS:
        raise BadInput(
            Text(
                f"每页行数须在 1 到 {_MOST_ROWS} 之间，而非 {limit}。",
                f"limit {limit} must be between 1 and {_MOST_ROWS}.",
            )
        )
    return limit


@lru_cache(maxsize=256)
def _count_sql(expression: str, schema: ibis.Schema, limited: bool) -> str:
    """With one place, the customers counted among, when ``limited``."""
    parsed = parse(expression, _allowed(schema))
    # Only the columns named: the SQL of sixty takes twice as long to make.
    names = dict.fromkeys((*(("customer_id",) if limited else ()), *parsed.columns))
    chosen = parsed.chosen(ibis.table({name: schema[name] for name in names}, name=VIEW))
    if limited:
        return f"SELECT count(*) AS customers FROM ({sql(chosen)}) AS chosen WHERE {_AMONG}"
    return sql(chosen.count().name("customers").as_table())


@lru_cache(maxsize=256)
def _rows_sql(expression: str, schema: ibis.Schema, columns: tuple[str, ...], limited: bool) -> str:
    """With places for the customers listed among, when ``limited``, the id after which rows come, and how many."""
    view = ibis.table(schema, name=VIEW)
    known = dict.fromkeys(("customer_id", *(name for name in columns if name in schema and name not in HIDDEN)))
    chosen = parse(expression, _allowed(schema)).chosen(view).select(*known)
    among = f"{_AMONG} AND " if limited else ""
    return f"SELECT * FROM ({sql(chosen)}) AS chosen WHERE {among}customer_id > ? ORDER BY customer_id LIMIT ?"


def _allowed(schema: ibis.Schema) -> dict[str, Field]:
    return fields(schema, dict.fromkeys(HIDDEN, "token"))


_KEPT = _Kept()
