"""Deciding again, now, for the customers of whom more is known than was published: the one expression, in PostgreSQL.

The expression is compiled once for a process and prepared once on a connection; its rows come as one parameter, so the
database plans nothing when it decides. Its plan reads no table: what an actor may see was settled before.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection
from psycopg import sql

from zhike.core import engine
from zhike.decide.inputs import VIEW
from zhike.decide.live import AS_OF, live_decision, live_schema
from zhike.decide.record import DecisionRecord
from zhike.operations.customers import reading

_TYPES = {"string": "text", "int64": "bigint", "float64": "double precision", "date": "date", "boolean": "boolean"}
_PREPARED: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


def decide_again(rows: Sequence[Mapping[str, Any]], kept: DecisionRecord) -> list[dict[str, Any]]:
    """Decision rows, in order of customer id, of rows of the customer view with the present laid over them.

    Decided by the settings of the record that was kept with the published decisions, as of its day.
    """
    read = [name for name in live_schema() if name != AS_OF]
    given = [{**{name: row[name] for name in read}, AS_OF: kept.as_of} for row in rows]
    name = _prepared(kept)
    # A generic plan: with one of its own for each of the first five, planning would take ten times as long as deciding.
    statement = sql.SQL("SET LOCAL plan_cache_mode = force_generic_plan; EXECUTE {} (%s)").format(sql.Identifier(name))
    with connection.cursor() as cursor:
        cursor.execute(statement, [json.dumps(given, default=_plain)])
        cursor.nextset()
        return reading.rows_of(cursor)


def make_ready(kept: DecisionRecord) -> None:
    """Compiles the decision, once for a process: whoever reads first pays, not who first differs from the published."""
    _compiled(kept.to_json())


def _prepared(kept: DecisionRecord) -> str:
    """The name of the prepared decision on the connection in use."""
    compiled = _compiled(kept.to_json())
    name = f"live_decision_{hash(compiled) & 0xFFFFFFFFFFFF:x}"
    connection.ensure_connection()
    known = _PREPARED.setdefault(connection.connection, set())
    if name not in known:
        with connection.cursor() as cursor:
            cursor.execute(f"PREPARE {name} (json) AS {compiled}")
        known.add(name)
    return name


@lru_cache(maxsize=8)
def _compiled(record: str) -> str:
    kept = DecisionRecord.from_json(record)
    columns = ", ".join(f'"{name}" {_TYPES[str(kind)]}' for name, kind in live_schema().items())
    rows = f'WITH "{VIEW}" AS (SELECT * FROM json_to_recordset($1) AS given ({columns}))'
    decided = engine.sql(live_decision(kept.settings), "postgres")
    return f"{rows} SELECT * FROM ({decided}) AS decided ORDER BY customer_id"


def _plain(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no value of a decision")
