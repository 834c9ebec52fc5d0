"""The database schema, brought to this version when it is behind: by one process, whoever comes first."""

from django.core.management import call_command
from django.db import DatabaseError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

_LOCK = 0x7A68696B65  # "zhike"


def migrate_if_needed() -> bool:
    """Says whether anything was migrated."""
    if not _behind():
        return False
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        try:
            call_command("migrate", database="owner", verbosity=0, interactive=False)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
    return True


def _behind() -> bool:
    try:
        return _lacking(connection)
    except DatabaseError:  # before the first migration there is no role to run as, nor a right to look
        return _lacking(connections["owner"])


def _lacking(over: BaseDatabaseWrapper) -> bool:
    executor = MigrationExecutor(over)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
