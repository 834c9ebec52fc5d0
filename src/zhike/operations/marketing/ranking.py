"""The most valuable actions that still stand: published ones in order, each decided again where more is known now."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db import connection
from psycopg import sql

from zhike.core.actor import Actor
from zhike.decide.record import DecisionRecord
from zhike.decide.terms import DO_NOTHING
from zhike.operations.customers import reading
from zhike.operations.customers.publishing import SCHEMA
from zhike.operations.customers.shapes import Published
from zhike.operations.marketing import standing
from zhike.operations.marketing.made import DECISION

Row = Mapping[str, Any]
_VIEW = "customer_view"
# Rows fetched beyond those wanted: enough that one page nearly always does.
_MORE = 20


def most_valuable(actor: Actor, published: Published, kept: DecisionRecord, limit: int) -> list[Row]:
    """Decision rows as they stand, by value and then customer id; never one that is refused by what is known now.

    Pages are taken until no customer further down the published list could come before the last one found.
    """
    found: list[Row] = []
    for page in _pages(published, limit + _MORE):
        rows = _views(published, [row["customer_id"] for row in page])
        stand = standing.decisions(actor, [rows[row["customer_id"]] for row in page], page, kept)
        found += [each.row for each in stand if each.row["winner"] != DO_NOTHING]
        found.sort(key=_order)
        if len(found) >= limit and _order(found[limit - 1]) <= _order(page[-1]):
            break
    return found[:limit]


def _order(row: Row) -> tuple[int, str]:
    return -row["winner_value_cents"], row["customer_id"]


def _pages(published: Published, size: int) -> Iterator[list[dict[str, Any]]]:
    """Published decisions but *do nothing*, best first."""
    table, after = sql.Identifier(SCHEMA, published.table(DECISION)), (2**62, "")
    statement = sql.SQL(
        "SELECT * FROM {} WHERE winner <> %s AND winner_value_cents <= %s"
        " AND (winner_value_cents < %s OR customer_id > %s) ORDER BY winner_value_cents DESC, customer_id LIMIT %s"
    ).format(table)
    while True:
        with connection.cursor() as cursor:
            cursor.execute(statement, [DO_NOTHING, after[0], *after, size])
            page = reading.rows_of(cursor)
        if page:
            yield page
            after = page[-1]["winner_value_cents"], page[-1]["customer_id"]
        if len(page) < size:
            return


def _views(published: Published, customer_ids: list[str]) -> dict[str, dict[str, Any]]:
    table = sql.Identifier(SCHEMA, published.table(_VIEW))
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT * FROM {} WHERE customer_id = ANY(%s)").format(table), [customer_ids])
        return {row["customer_id"]: row for row in reading.rows_of(cursor)}
