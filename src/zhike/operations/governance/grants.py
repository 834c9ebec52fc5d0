"""What the role that everything runs as may do: given anew after each migration, so that no new table is forgotten."""

from typing import Any

from django.db import connections

APP, PUBLISHER = "zhike_app", "zhike_publisher"
# What is only ever added to; a trigger refuses the rest whoever asks, a missing right refuses it before.
_APPEND_ONLY = (
    "governance_auditentry", "governance_auditsealed", "governance_auditseal", "contact_consent", "contact_wording",
    "governance_vaulterased", "approvals_version", "approvals_signature",
    "service_complaintstep", "service_complainttext", "service_complaintextension",
)  # fmt: skip
_GRANTS = f"""
GRANT USAGE ON SCHEMA {{schema}} TO {APP}, {PUBLISHER};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {{schema}} TO {APP};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {{schema}} TO {APP};
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA {{schema}} TO {APP}, {PUBLISHER};
GRANT SELECT, INSERT, UPDATE, DELETE ON customers_publication, governance_home TO {PUBLISHER};
REVOKE ALL ON governance_home FROM {APP};
GRANT SELECT ON governance_home TO {APP};
REVOKE UPDATE, DELETE ON django_migrations FROM {APP};
"""


def grant(using: str, **_signal: Any) -> None:
    """Gives the app its rights (a receiver of Django's ``post_migrate``); migrations run as the owner."""
    with connections[using].cursor() as cursor:
        give(cursor)


def give(cursor: Any) -> None:
    """The same over a cursor of the owner; nothing while the tables are not all there yet."""
    cursor.execute("SELECT to_regclass('governance_home') IS NOT NULL, quote_ident(current_schema())")
    complete, schema = cursor.fetchone()
    if not complete:
        return
    cursor.execute(_GRANTS.format(schema=schema))
    for table in _APPEND_ONLY:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [table])
        if cursor.fetchone()[0]:
            cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {APP}")
