"""Row-level security: the second lock, against the forgotten filter (docs/decisions/0007).

A policy stands on what the transaction was told of its actor (`acting`). Where nothing was told, reading *raises*:
a forgotten actor is a fault, never an empty list.
"""

from django.db import migrations

# Every row, when the actor's scope is the bank; else the rows of parties the actor sees.
_BY_PARTY = "(SELECT zhike_sees_all()) OR zhike_sees({column}::text)"
# No party stands behind these rows: whoever acts may see them, but somebody must act.
_BY_ANYBODY = "(SELECT zhike_scope()) IS NOT NULL"
# Only work for the whole bank sees these rows.
_BY_BANK = "(SELECT zhike_sees_all())"


def protect_by_party(table: str, column: str = "party_id") -> migrations.RunSQL:
    """A migration step: the rows of ``table`` are seen and written only by whom ``column`` is visible to."""
    return _protect(table, _BY_PARTY.format(column=column))


def protect(table: str) -> migrations.RunSQL:
    """A migration step: the rows of ``table`` are seen and written only in a transaction with an actor."""
    return _protect(table, _BY_ANYBODY)


def protect_by_bank(table: str) -> migrations.RunSQL:
    """A migration step: the rows of ``table`` are seen and written only by work for the whole bank."""
    return _protect(table, _BY_BANK)


def _protect(table: str, rule: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
        f"CREATE POLICY acting ON {table} USING ({rule}) WITH CHECK ({rule})",
        f"DROP POLICY acting ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
    )
