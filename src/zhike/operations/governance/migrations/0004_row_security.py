"""Row-level security: the roles and functions that every policy stands on (docs/decisions/0007).

Three roles: the *owner* logs in and migrates; as ``zhike_app`` everything runs, which owns nothing; ``zhike_publisher``
owns what is published and is taken on for a copy only. A policy reads what the transaction was told of its actor.
"""

from typing import ClassVar

from django.db import migrations, models

from zhike.operations.governance.row_security import protect_by_party

_ROLES = """
DO $$
DECLARE wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['zhike_app', 'zhike_publisher'] LOOP
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
                EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;  -- another workspace of this server came first
        END;
        IF NOT pg_has_role(current_user, wanted, 'MEMBER') THEN
            EXECUTE format('GRANT %I TO %I', wanted, current_user);
        END IF;
    END LOOP;
END $$;
"""
_FUNCTIONS = """
CREATE FUNCTION zhike_scope() RETURNS text LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE told text := current_setting('zhike.scope', true);
BEGIN
    IF told IS NULL OR told = '' THEN
        RAISE EXCEPTION 'nobody acts: this transaction was told of no actor'
            USING ERRCODE = 'insufficient_privilege', HINT = 'Read through a query, write through an action.';
    END IF;
    RETURN told;
END $$;
CREATE FUNCTION zhike_sees_all() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT zhike_scope() = 'bank'
$$;
-- As its owner: the app needs no right on the table of homes to be held by it.
CREATE FUNCTION zhike_sees(party text) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path FROM CURRENT AS $$
DECLARE told text := zhike_scope();
BEGIN
    IF told = 'bank' THEN
        RETURN true;
    ELSIF starts_with(told, 'party:') THEN
        RETURN party = substr(told, 7);
    END IF;
    RETURN EXISTS (
        SELECT FROM governance_home AS home WHERE home.customer_id = party
        AND home.branch_id = ANY (string_to_array(substr(told, 10), ',')::bigint[])
    );
END $$;
"""
# What an earlier version published has neither owner nor policy: it goes, and the worker publishes anew in a minute.
_PUBLISHED = """
DROP SCHEMA published CASCADE;
CREATE SCHEMA published AUTHORIZATION zhike_publisher;
GRANT USAGE ON SCHEMA published TO zhike_app;
DELETE FROM customers_publication;
"""
_NO_FUNCTIONS = "DROP FUNCTION zhike_sees(text); DROP FUNCTION zhike_sees_all(); DROP FUNCTION zhike_scope()"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("governance", "0003_known_from"), ("customers", "0001_initial")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="Home",
            fields=[
                ("pk", models.CompositePrimaryKey("customer_id", "branch_id", primary_key=True, serialize=False)),
                ("customer_id", models.CharField(max_length=36)),
                ("branch_id", models.BigIntegerField(db_index=True)),
            ],
        ),
        migrations.RunSQL(_ROLES, migrations.RunSQL.noop),
        migrations.RunSQL(_FUNCTIONS, _NO_FUNCTIONS),
        migrations.RunSQL(_PUBLISHED, migrations.RunSQL.noop),
        protect_by_party("governance_vaultkey"),
        protect_by_party("governance_vaultfield"),
        protect_by_party("governance_vaulttoken"),
    ]
