"""Failed log-ins, counted in the database: every process knows of them, and a restart forgets none.

Five failures lock a name for thirty minutes, twenty an address, counted from the last one; a wrong password, a wrong
code of the second factor and a name that nobody has all count alike. What was typed as a name is kept as a keyed token
only: people type passwords there. The table is that of django-axes, whose handler (`interfaces/accounts/lockout.py`)
asks here.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from axes.models import AccessAttempt
from django.db import connection, transaction
from django.db.models import Sum
from django.db.models.functions import Now

from zhike.core import ids
from zhike.core.actor import Actor
from zhike.core.workspace import workspace
from zhike.operations.governance.acting import action, note, query
from zhike.operations.governance.known_users import user_named
from zhike.operations.governance.models import User

MOST_BY_NAME, MOST_BY_ADDRESS = 5, 20
LOCKED_FOR = timedelta(minutes=30)
# The name under which failures with an API key are counted: no token is ever spelt so.
KEYS = "key"
_TRYING = 0x7A68_6C67  # the advisory lock of a log-in, with the name's token
_COUNT = """
INSERT INTO axes_accessattempt
    (username, ip_address, user_agent, http_accept, path_info, get_data, post_data, failures_since_start, attempt_time)
VALUES (%(name)s, %(address)s, '', '', '', '', '', 1, now())
ON CONFLICT (username, ip_address, user_agent) DO UPDATE SET
    failures_since_start = CASE WHEN axes_accessattempt.attempt_time > now() - %(window)s
        THEN axes_accessattempt.failures_since_start + 1 ELSE 1 END,
    attempt_time = now()
"""


def door_actor(name: str = "log-in") -> Actor:
    """Whoever stands at the door: not known yet, and allowed only to have the attempt recorded."""
    return Actor("job", name, frozenset({"manage_own_account"}), purpose="log-in")


def name_token(name: str) -> str:
    """Of a typed name, however its letters are written: what is counted under it."""
    return ids.token(workspace().secret("log-in"), "user name", name.strip().upper())


@contextmanager
def one_at_a_time(name: str) -> Iterator[None]:
    """Tries of one name wait for each other, so that many at once are no more tries than five."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_TRYING, name_token(name)])
        yield


def is_locked(name: str, address: str | None) -> bool:
    """Whether the name, or the address, has failed too often in the last thirty minutes."""
    if _failures(username=name_token(name)) >= MOST_BY_NAME:
        return True
    if address is None:
        return False
    counted = _recent().filter(ip_address=address).exclude(username=KEYS)
    return (counted.aggregate(n=Sum("failures_since_start"))["n"] or 0) >= MOST_BY_ADDRESS


def keys_locked(address: str | None) -> bool:
    """The same of an address that tries API keys."""
    return address is not None and _failures(username=KEYS, ip_address=address) >= MOST_BY_ADDRESS


def failure_count(typed: str, address: str | None) -> None:
    """Counts one failure. What was typed enters the record only where somebody is called so."""
    known = User.objects.filter(username__iexact=typed).values_list("username", flat=True).first()
    _failure_count(door_actor(), user=known or "", token=name_token(typed), address=address)


@action(permission="manage_own_account", audit="login.fail", about="user")
def _failure_count(actor: Actor, *, user: str, token: str, address: str | None) -> None:
    _count(token, address)
    note(known=bool(user), by_name=_failures(username=token))


@action(permission="manage_own_account", audit="key.fail")
def key_failure_count(actor: Actor, *, address: str | None) -> None:
    """Counts a call with no valid API key."""
    _count(KEYS, address)
    note(locked=keys_locked(address))


@action(permission="manage_own_account", audit="failures.forget", about="user")
def failures_forget(actor: Actor, *, user: str) -> None:
    """After a whole log-in: the name's failures are forgotten, those of others at its address are not."""
    note(failures=_forget(user))


def has_failed(user: str) -> bool:
    """Whether there is anything to forget."""
    return AccessAttempt.objects.filter(username=name_token(user)).exists()


@action(permission="manage_users", audit="user.unlock", about="user")
def user_unlock(actor: Actor, *, user: str) -> int:
    """Lets a locked user try again at once; returns how many failures were forgotten."""
    user_named(user)
    forgotten = _forget(user)
    note(failures=forgotten)
    return forgotten


@query(permission="manage_users")
def locked_users(actor: Actor, names: Iterable[str]) -> set[str]:
    """Which of these users are locked now, by their name."""
    tokens = {name_token(name): name for name in names}
    found = _recent().filter(username__in=tokens).values("username").annotate(n=Sum("failures_since_start"))
    return {tokens[row["username"]] for row in found if row["n"] >= MOST_BY_NAME}


def _recent() -> Any:
    return AccessAttempt.objects.filter(attempt_time__gt=Now() - LOCKED_FOR).order_by()


def _failures(**which: str) -> int:
    return _recent().filter(**which).aggregate(n=Sum("failures_since_start"))["n"] or 0


def _count(token: str, address: str | None) -> None:
    AccessAttempt.objects.filter(attempt_time__lte=Now() - LOCKED_FOR).delete()
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"name": token, "address": address, "window": LOCKED_FOR})


def _forget(user: str) -> int:
    mine = AccessAttempt.objects.filter(username=name_token(user))
    failures = mine.aggregate(n=Sum("failures_since_start"))["n"] or 0
    mine.delete()
    return failures
