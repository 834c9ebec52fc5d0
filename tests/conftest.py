"""What all tests share: their own workspace, a real PostgreSQL (embedded, unless ZHIKE_DATABASE_URL is set)."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

# Before anything reads the settings: tests never touch the workspace of whoever runs them.
_HOME = Path(tempfile.mkdtemp(prefix="zhike-tests-"))
os.environ["ZHIKE_HOME"] = str(_HOME)
os.environ["DJANGO_SETTINGS_MODULE"] = "zhike.interfaces.site"
os.environ.pop("ZHIKE_FAILPOINT", None)


def pytest_configure() -> None:
    """Sets Django up now: pytest-django would do so before this file is read, in the workspace of the caller."""
    import django

    django.setup()


@pytest.fixture(scope="session", autouse=True)
def _home() -> Iterator[None]:
    """Removes the tests' workspace at the end."""
    yield
    shutil.rmtree(_HOME, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(_home: None) -> Iterator[None]:
    """Holds the database server while the session's tests run; pytest-django makes and drops its own database in it."""
    from zhike.core import postgres
    from zhike.core.workspace import workspace

    with postgres.running(workspace()):
        yield
        from django.db import connections

        connections.close_all()


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: "pytest.FixtureRequest") -> Iterator[None]:
    """A database whose transactions really commit, emptied afterwards (the audit log too, which refuses TRUNCATE)."""
    from django.apps import apps
    from django.db import connection

    with django_db_blocker.unblock():
        yield
        tables = ", ".join(model._meta.db_table for app in _OWN for model in apps.get_app_config(app).get_models())
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            cursor.execute(f"TRUNCATE {tables} CASCADE")
            cursor.execute("SET session_replication_role = origin")
            cursor.execute("DROP SCHEMA published CASCADE; CREATE SCHEMA published")
        connection.close()


_OWN = ("governance", "customers", "procrastinate")
