"""What all tests share: their own workspace, a real PostgreSQL (embedded, unless ZHIKE_DATABASE_URL is set)."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from owning import owner
from pytest_django import DjangoDbBlocker

# Before anything reads the settings: tests never touch the workspace of whoever runs them.
_HOME = Path(tempfile.mkdtemp(prefix="zhike-tests-"))
os.environ["ZHIKE_HOME"] = str(_HOME)
os.environ["DJANGO_SETTINGS_MODULE"] = "zhike.interfaces.site"
os.environ.pop("ZHIKE_FAILPOINT", None)
# Days end at midnight in the bank's zone and in UTC. So many seconds before it no test begins: what it saw as today
# would be yesterday when it looks again.
_DAY, _ZONES = 86_400, (0, 8 * 3_600)
_TAKES_SECONDS = {"slow": 120, "trust": 120}
_QUICK_HASH = {"time_cost": 1, "memory_cost": 64, "parallelism": 1}
# Tables of others that tests fill.
_EMPTIED = ("procrastinate", "sessions", "mfa", "axes")


def pytest_configure() -> None:
    """Sets Django up now: pytest-django would do so before this file is read, in the workspace of the caller."""
    import django

    django.setup()
    from django.contrib.auth.hashers import Argon2PasswordHasher

    # A log-in takes a fifth of a second of both cores, and tests log in a thousand times: hashed as it is, but quickly.
    for name, value in _QUICK_HASH.items():
        setattr(Argon2PasswordHasher, name, value)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Before workers start: each has a workspace of its own, which it could not have once it inherited this one's."""
    del os.environ["ZHIKE_HOME"], os.environ["DJANGO_SETTINGS_MODULE"]


def pytest_unconfigure() -> None:
    """Removes the tests' workspace, also after a run that only collected."""
    shutil.rmtree(_HOME, ignore_errors=True)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Waits for the next day when this one is about to end."""
    takes = max((seconds for mark, seconds in _TAKES_SECONDS.items() if item.get_closest_marker(mark)), default=20)
    left = min(_DAY - (time.time() + ahead) % _DAY for ahead in _ZONES)
    if left < takes:
        time.sleep(left + 1)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Holds the server and makes the test database, whichever tests ask: pytest-django's own looks at their marks."""
    from django.db import connections
    from django.test.utils import setup_databases, teardown_databases

    from zhike.core import postgres
    from zhike.core.workspace import workspace

    with postgres.running(workspace()), django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False, aliases={"owner"})
        connections["default"].creation.set_as_test_mirror(connections["owner"].settings_dict)
        with django_db_blocker.block():
            yield
        connections.close_all()
        teardown_databases(made, verbosity=0)


@pytest.fixture
def transactional_db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A database whose transactions really commit, emptied afterwards.

    It stands in for pytest-django's own, whose TRUNCATE the audit log refuses.
    """
    with django_db_blocker.unblock():
        yield
        _empty()


@pytest.fixture
def committed(transactional_db: None) -> None:
    """The database, its transactions really committing."""


@pytest.fixture
def seeing_all(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """For a test that looks into tables itself: its session sees every row, as no session of Zhike does."""
    from django.db import connection

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('zhike.scope', 'bank', false)")
        yield
        cursor.execute("SELECT set_config('zhike.scope', '', false)")


@pytest.fixture
def bank(committed: None) -> Iterator[None]:
    """The bank of `small_bank`: loaded, built, decided, known to the vault; not published."""
    with _bank():
        yield


@pytest.fixture(scope="module")
def published_bank(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The same bank, published, for all tests of a module: for those that read, or are marked `django_db`."""
    from zhike.operations.customers import actions
    from zhike.operations.governance.actors import system_actor

    with django_db_blocker.unblock(), _bank():
        actions.view_publish(system_actor())
        yield
        _empty()


@pytest.fixture
def child_environment(committed: None) -> dict[str, str]:
    """The environment in which another process sees the tests' workspace and the tests' database."""
    from urllib.parse import quote

    from django.db import connections

    known = connections["owner"].settings_dict
    login = quote(known["USER"]) + (":" + quote(known["PASSWORD"]) if known["PASSWORD"] else "")
    place = f"?host={quote(known['HOST'], safe='')}" if known["HOST"].startswith("/") else ""
    host = "" if place else f"{known['HOST']}"
    port = f":{known['PORT']}" if known["PORT"] else ""
    return {**os.environ, "ZHIKE_DATABASE_URL": f"postgresql://{login}@{host}{port}/{known['NAME']}{place}"}


@contextmanager
def _bank() -> Iterator[None]:
    import small_bank

    small_bank.become(0)
    small_bank.keep_people()
    yield


def _empty() -> None:
    from django.apps import apps
    from django.db import connections

    own = [app for app in apps.get_app_configs() if app.name.startswith("zhike.") or app.label in _EMPTIED]
    tables = [model._meta.db_table for app in own for model in app.get_models()]
    connections.close_all()
    with owner() as cursor:
        # No trigger and no foreign key stands against it; of few rows this is many times as quick as TRUNCATE.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(" UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})" for table in tables))
        for (table,) in cursor.fetchall():
            cursor.execute(f"DELETE FROM {table}")
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("DROP SCHEMA published CASCADE")
        cursor.execute("CREATE SCHEMA published AUTHORIZATION zhike_publisher")
        cursor.execute("GRANT USAGE ON SCHEMA published TO zhike_app")
