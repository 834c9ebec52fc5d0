"""The publisher's role, taken on for the copy alone: it owns the published tables, and nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from psycopg import sql

from zhike.operations.governance.grants import APP, PUBLISHER

# Of one customer: seen by whom the customer is visible to.
_BY_CUSTOMER = "(SELECT zhike_sees_all()) OR zhike_sees(customer_id)"
# Of one branch, or with no branch of the whole bank (KPIs): seen by whose scope holds the branch, and by who sees all.
# A scope that names branches ends in `branches:3,7`.
_BY_BRANCH = (
    "(SELECT zhike_sees_all()) OR branch_id = ANY (SELECT unnest(string_to_array(nullif(substring("
    "zhike_scope() FROM '(?:^|;)branches:([0-9,]*)$'), ''), ',')::bigint[]))"
)
# Of the whole bank (distributions, sources): seen by whoever acts.
_BY_ANYBODY = "(SELECT zhike_scope()) IS NOT NULL"


@contextmanager
def as_publisher() -> Iterator[None]:
    """Inside a transaction; after an exception its rollback gives the role back."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {PUBLISHER}")
        yield
        cursor.execute(f"SET LOCAL ROLE {APP}")


def open_to_readers(table: sql.Identifier, columns: list[str]) -> None:
    """Lets the app read a table just made, each actor what its scope holds."""
    rule = _BY_CUSTOMER if "customer_id" in columns else _BY_BRANCH if "branch_id" in columns else _BY_ANYBODY
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("GRANT SELECT ON {} TO {}").format(table, sql.Identifier(APP)))
        cursor.execute(sql.SQL("ALTER TABLE {} ENABLE ROW LEVEL SECURITY").format(table))
        cursor.execute(sql.SQL("CREATE POLICY acting ON {} FOR SELECT USING ({})").format(table, sql.SQL(rule)))
