"""What a command needs around it: the database held and migrated, Django set up, the actor of this machine."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from zhike.core.actor import Actor
from zhike.core.text import Locale

_LOCALE: list[Locale] = ["en"]


def choose_locale(locale: Locale) -> None:
    """The language of titles and reasons for this process."""
    _LOCALE[0] = locale


def locale() -> Locale:
    return _LOCALE[0]


@contextmanager
def operations() -> Iterator[Actor]:
    """Actions and queries can be called inside; yields who calls them."""
    from zhike.core import postgres
    from zhike.core.workspace import workspace

    with postgres.running(workspace()):
        set_up_django()
        from zhike.interfaces.cli.migrations import migrate_if_needed
        from zhike.operations.governance.actors import system_actor

        migrate_if_needed()
        try:
            yield system_actor(locale())
        finally:
            from django.db import connections

            connections.close_all()


def set_up_django() -> None:
    """Idempotent; every process that uses `zhike.operations` calls it first."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhike.interfaces.site")
    django.setup()
