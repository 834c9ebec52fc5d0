"""Where customers belong, and the tree of branches: what every scope stands on, taken from the facts at publication."""

from typing import Any

import ibis
from django.db import connection
from psycopg import sql

from zhike.core.engine import Session
from zhike.data.asof import Facts
from zhike.data.tables import TABLES
from zhike.operations.customers.publisher import as_publisher
from zhike.operations.customers.publishing import SCHEMA, Copying


def copy_homes(copying: Copying, session: Session, facts: Facts) -> None:
    """Copies the homes and brings the table that scopes are tested against up to them: only what changed is written."""
    copying.copy("home", session.stream(_homes(facts)))
    table = sql.Identifier(SCHEMA, f"home_{copying.number:06d}")
    with as_publisher(), connection.cursor() as cursor:
        cursor.execute(
            sql.SQL(
                "DELETE FROM governance_home AS old WHERE NOT EXISTS (SELECT FROM {} AS fresh"
                " WHERE fresh.customer_id = old.customer_id AND fresh.branch_id = old.branch_id)"
            ).format(table)
        )
        cursor.execute(
            sql.SQL(
                "INSERT INTO governance_home (customer_id, branch_id) SELECT customer_id, branch_id FROM {}"
                " ON CONFLICT DO NOTHING"
            ).format(table)
        )


def branch_versions(session: Session, facts: Facts) -> list[dict[str, Any]]:
    """branch_id, parent_id, name, valid_from, valid_to of every version of a branch known by the day."""
    rows = TABLES["branch"].unbound()
    known = rows.filter(rows.known_from <= facts.as_of)
    newest = known.mutate(
        rank=ibis.row_number().over(
            ibis.window(group_by=("branch_id", "valid_from"), order_by=[known.known_from.desc(), known.source.asc()])
        )
    )
    chosen = newest.filter(newest["rank"] == 0)
    columns = ("branch_id", "parent_id", "name", "valid_from", "valid_to")
    return session.query(chosen.select(*columns).order_by("branch_id", "valid_from")).to_pylist()


def _homes(facts: Facts) -> ibis.Table:
    """customer_id, branch_id: every branch that keeps an account of the customer's, whatever the role on it."""
    held, account = facts("account_party"), facts("account")
    joined = held.join(account, held.account_id == account.account_id)
    joined = joined.select(held.party_id.name("customer_id"), account.branch_id)
    return joined.filter(joined.branch_id.notnull()).distinct().order_by("customer_id", "branch_id")
