"""Append-only tables: what is written stays as it was, whoever writes. Steps of migrations, like `row_security`."""

from django.db import migrations

_REFUSING = """
CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""


def refusing(function: str) -> migrations.RunSQL:
    """A migration step: the trigger function that refuses whatever calls it."""
    return migrations.RunSQL(_REFUSING.format(function=function), f"DROP FUNCTION {function}()")


def append_only(table: str, function: str, changes: str = "UPDATE OR DELETE") -> migrations.RunSQL:
    """A migration step: ``function`` refuses these changes of a row of ``table``, and that it is emptied."""
    return migrations.RunSQL(
        f"CREATE TRIGGER no_change BEFORE {changes} ON {table} FOR EACH ROW EXECUTE FUNCTION {function}();"
        f"CREATE TRIGGER no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {function}()",
        f"DROP TRIGGER no_change ON {table}; DROP TRIGGER no_truncate ON {table}",
    )
