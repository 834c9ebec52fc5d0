"""A database of the first version, with what its people kept in it, comes up to this version and loses nothing."""

import secrets
import subprocess
import sys
from collections.abc import Iterator
from uuid import UUID

import psycopg
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import connections
from owning import owner

from zhike.core.workspace import workspace
from zhike.operations.governance import sealing
from zhike.operations.governance.audit import chain
from zhike.operations.governance.keyring import open_keyring

# The first version, before there was row-level security, a seal or a room beside customers.
_FIRST = (("governance", "0003"), ("customers", "0001"), ("procrastinate", None), ("sessions", None))
_SCHEMA = {
    "columns": "SELECT table_name, column_name, data_type, is_nullable, column_default, character_maximum_length"
    " FROM information_schema.columns WHERE table_schema = 'public'",
    "constraints": "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace",
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "triggers": "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "functions": "SELECT oid::regprocedure::text, prosrc, prosecdef, proconfig::text FROM pg_proc"
    " WHERE pronamespace = 'public'::regnamespace",
    "policies": "SELECT tablename, policyname, permissive, cmd, qual, with_check FROM pg_policies",
    "protected": "SELECT oid::regclass::text FROM pg_class WHERE relrowsecurity",
    "rights": "SELECT table_name, grantee, privilege_type FROM information_schema.role_table_grants"
    " WHERE table_schema = 'public' AND grantee LIKE 'zhike_%'",
}  # fmt: skip
_PARTY = UUID("00000000-0000-4000-8000-000000000001")
# What the people of the new version do first, each in a process of its own: the first one migrates.
_READS_THE_VAULT = f"""
import django; django.setup()
from uuid import UUID
from zhike.operations.governance.acting import transaction_of
from zhike.operations.governance.actors import system_actor
from zhike.operations.governance.vault import open_vault
with transaction_of(system_actor()):
    print(open_vault().read(UUID("{_PARTY}"))["full_name"])
"""


@pytest.fixture
def before(child_environment: dict[str, str]) -> Iterator[psycopg.Cursor]:
    """A database of its own on the tests' server, at the first version; a cursor of its owner."""
    name = f"zhike_before_{secrets.token_hex(4)}"
    chain.anchors_path(workspace()).unlink(missing_ok=True)  # of the log of another test's database
    with owner() as server:
        server.execute(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")
        connections.settings["before"] = {**connections["owner"].settings_dict, "NAME": name}
        try:
            for app, migration in _FIRST:
                call_command("migrate", app, *filter(None, [migration]), database="before", verbosity=0)
            child_environment["ZHIKE_DATABASE_URL"] = child_environment["ZHIKE_DATABASE_URL"].replace(
                f"/{connections['owner'].settings_dict['NAME']}", f"/{name}"
            )
            with owner(dbname=name) as own:
                new = ("governance_home", "governance_auditseal", "contact_consent", "approvals_request")
                assert [own.execute("SELECT to_regclass(%s)", [table]).fetchone() for table in new] == [(None,)] * 4
                yield own
        finally:
            connections["before"].close()
            del connections["before"], connections.settings["before"]
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.slow
def test_the_first_version_comes_up_with_all_that_was_kept(
    before: psycopg.Cursor, child_environment: dict[str, str]
) -> None:
    kept = {query: before.execute(query).fetchall() for query in _keep(before)}
    assert all(len(rows) > 0 for rows in kept.values())

    assert "The log is whole." in _run(child_environment, "-m", "zhike.interfaces.cli", "audit", "verify")
    assert _run(child_environment, "-c", _READS_THE_VAULT).strip() == "样例一"
    assert "may log in again" in _run(child_environment, "-m", "zhike.interfaces.cli", "user", "unlock", "first.teller")

    assert {query: before.execute(query).fetchall() for query in kept} == kept
    waiting = "SELECT count(*) FROM governance_auditentry e WHERE action = 'first.version' AND NOT EXISTS"
    for places in ("governance_auditunsealed", "governance_auditsealed"):
        waiting += f" (SELECT FROM {places} s WHERE s.entry_id = e.id)" + (" AND NOT EXISTS" if "un" in places else "")
    assert before.execute(waiting).fetchone() == (0,), "every old entry waits for its seal or has it"
    assert before.execute("SELECT count(*) FROM customers_publication").fetchone() == (0,), "published anew"
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="append-only"):
        before.execute("DELETE FROM governance_auditentry")


@pytest.mark.slow
def test_it_comes_up_to_the_schema_of_an_empty_database(
    before: psycopg.Cursor, child_environment: dict[str, str]
) -> None:
    _keep(before)
    _run(child_environment, "-m", "zhike.interfaces.cli", "user", "unlock", "first.teller")
    with owner() as fresh:
        for what, query in _SCHEMA.items():
            expected = sorted(map(str, fresh.execute(query).fetchall()))
            assert len(expected) > 5, what
            assert sorted(map(str, before.execute(query).fetchall())) == expected, what


def _keep(cursor: psycopg.Cursor) -> tuple[str, ...]:
    """Users, entries of the log, a person in the vault, a publication; returns how to read them again."""
    for name, role in (("first.administrator", "administrator"), ("first.teller", "relationship_manager")):
        cursor.execute(
            "INSERT INTO governance_user (username, name, role, locale, is_active, password)"
            " VALUES (%s, '', %s, 'zh', true, %s)",
            [name, role, make_password("a long password of the first version")],
        )
    cursor.execute(
        "INSERT INTO governance_auditentry (actor_kind, actor_name, on_behalf_of, action, outcome, object_type,"
        " object_id, purpose, detail) SELECT 'staff', 'first.teller', '', 'first.version', 'done', 'customer',"
        " n::text, 'a call', '{}' FROM generate_series(1, 250) AS n"
    )
    keys, data_key = open_keyring(workspace()), sealing.new_data_key()
    current = keys.versions().current
    (wrapped,) = keys.wrap(current, [(data_key, sealing.data_key_of(_PARTY))])
    cursor.execute("INSERT INTO governance_vaultkey VALUES (%s, %s, %s)", [_PARTY, wrapped, current])
    cursor.execute(
        "INSERT INTO governance_vaultfield (party_id, field, ciphertext, fingerprint) VALUES (%s, 'full_name', %s, %s)",
        [_PARTY, sealing.seal(AESGCM(data_key), "样例一", "full_name", _PARTY), bytes(32)],
    )
    cursor.execute("INSERT INTO governance_vaulttoken (field, token, party_id) VALUES ('full_name', %s, %s)",
                   [bytes(32), _PARTY])  # fmt: skip
    cursor.execute("INSERT INTO customers_publication VALUES (1, 1, 'of the first version', '2026-06-30', now())")
    return (
        "SELECT username, role, locale, is_active, password FROM governance_user ORDER BY id",
        "SELECT * FROM governance_auditentry WHERE action = 'first.version' ORDER BY id",
        "SELECT * FROM governance_vaultkey",
        "SELECT * FROM governance_vaultfield",
        "SELECT * FROM governance_vaulttoken",
    )


def _run(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, *arguments]
    done = subprocess.run(command, check=False, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout
