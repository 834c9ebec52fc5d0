"""What tests see that no session of Zhike does: as the owner of the database, and the audit log whoever acts."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg


@contextmanager
def owner(**another: str) -> Iterator[psycopg.Cursor]:
    """A cursor of the owner on a connection of its own, committing each statement; ``dbname`` for another database."""
    from django.db import connections

    known = connections["owner"].get_connection_params()
    place = {name: known[name] for name in ("dbname", "user", "password", "host", "port") if known.get(name)}
    with psycopg.connect(**{**place, **another}, autocommit=True) as connection, connection.cursor() as cursor:
        yield cursor


def entries(**wanted: Any) -> list[Any]:
    """Audit entries, oldest first, read as the machine's owner; ``wanted`` as Django filters."""
    from zhike.operations.governance.acting import transaction_of
    from zhike.operations.governance.actors import system_actor
    from zhike.operations.governance.models import AuditEntry

    with transaction_of(system_actor()):
        return list(AuditEntry.objects.filter(**wanted).order_by("id"))
