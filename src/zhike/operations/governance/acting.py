"""How anything is done or read: `@action` and `@query`.

An action checks the permission, opens the transaction, sets the actor in the database session, runs, and writes one
audit entry; an exception rolls all of it back. Nothing else writes. A *long* action (a load, a build) works for minutes
on files: it runs outside a transaction between two entries, ``started`` and ``finished`` or ``failed``, which share a
``run``; what it writes to the database it writes in steps (`step`), each one transaction. A ``started`` without an end
is a run that was killed.
"""

import inspect
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.db import connection, transaction

from zhike.core.actor import Actor
from zhike.core.errors import Invariant
from zhike.operations.governance.models import AuditEntry

P = ParamSpec("P")
R = TypeVar("R")
Scalar = str | int | float | bool | None

_ACTING: ContextVar[Actor | None] = ContextVar("acting", default=None)
_ENTRY: ContextVar["_Entry | None"] = ContextVar("entry", default=None)


@dataclass
class _Entry:
    actor: Actor
    action: str
    object_type: str = ""
    object_id: str = ""
    purpose: str = ""
    detail: dict[str, Scalar] = field(default_factory=dict)

    def write(self, outcome: str) -> None:
        AuditEntry.objects.create(
            actor_kind=self.actor.kind, actor_name=self.actor.name, on_behalf_of=self.actor.on_behalf_of or "",
            action=self.action, outcome=outcome, object_type=self.object_type, object_id=self.object_id,
            purpose=self.purpose, detail=self.detail,
        )  # fmt: skip


def action(
    *, permission: str, audit: str, about: str = "", long: bool = False
) -> Callable[[Callable[Concatenate[Actor, P], R]], Callable[Concatenate[Actor, P], R]]:
    """Makes a function ``(actor, …)`` an action.

    ``audit`` is the entry's verb, noun first: ``identity.reveal``. ``about`` names the kind of object; its id is the
    argument ``<about>_id`` or ``<about>``. An argument ``purpose`` goes to the entry, else the actor's purpose does.
    """

    def decorate(function: Callable[Concatenate[Actor, P], R]) -> Callable[Concatenate[Actor, P], R]:
        signature = inspect.signature(function)

        @wraps(function)
        def run(actor: Actor, *args: P.args, **kwargs: P.kwargs) -> R:
            entry = _entry(signature.bind(actor, *args, **kwargs), audit, about)
            if not actor.may(permission):
                with _transaction(actor):
                    entry.write("refused")
                actor.require(permission)
            around = _long if long else _short
            with around(entry):
                return function(actor, *args, **kwargs)

        return run

    return decorate


def query(*, permission: str) -> Callable[[Callable[Concatenate[Actor, P], R]], Callable[Concatenate[Actor, P], R]]:
    """Makes a function ``(actor, …)`` a query: permission, then one read-only transaction that knows the actor."""

    def decorate(function: Callable[Concatenate[Actor, P], R]) -> Callable[Concatenate[Actor, P], R]:
        @wraps(function)
        def run(actor: Actor, *args: P.args, **kwargs: P.kwargs) -> R:
            actor.require(permission)
            with _transaction(actor, read_only=True):
                return function(actor, *args, **kwargs)

        return run

    return decorate


def note(**detail: Scalar) -> None:
    """Adds facts to the entry of the running action: counts, ids, hashes; never personal data."""
    entry = _ENTRY.get()
    if entry is None:
        raise Invariant("note() outside an action: only an action writes an audit entry.")
    entry.detail.update(detail)


@contextmanager
def step() -> Iterator[None]:
    """One transaction of a long action, as its actor."""
    actor = _ACTING.get()
    if actor is None:
        raise Invariant("A write to the database outside an action: call it from one.")
    with _transaction(actor):
        yield


@contextmanager
def _short(entry: _Entry) -> Iterator[None]:
    with _transaction(entry.actor), _noting(entry):
        yield
        entry.write("done")


@contextmanager
def _long(entry: _Entry) -> Iterator[None]:
    entry.detail["run"] = uuid.uuid4().hex
    with _acting(entry.actor), _noting(entry):
        _write(entry, "started")
        try:
            yield
        except BaseException as fault:
            entry.detail["error"] = type(fault).__name__
            _write(entry, "failed")
            raise
        _write(entry, "finished")


def _write(entry: _Entry, outcome: str) -> None:
    with _transaction(entry.actor):
        entry.write(outcome)


@contextmanager
def _transaction(actor: Actor, read_only: bool = False) -> Iterator[None]:
    outermost = not connection.in_atomic_block
    with _acting(actor), transaction.atomic(), connection.cursor() as cursor:
        if read_only and outermost:
            cursor.execute("SET TRANSACTION READ ONLY")
        cursor.execute("SELECT set_config('zhike.actor', %s, true)", [f"{actor.kind}:{actor.name}"])
        yield


@contextmanager
def _acting(actor: Actor) -> Iterator[None]:
    before = _ACTING.get()
    if before is not None and before != actor:
        raise Invariant(f"{actor.name} cannot act inside what {before.name} does: one transaction, one actor.")
    mark = _ACTING.set(actor)
    try:
        yield
    finally:
        _ACTING.reset(mark)


@contextmanager
def _noting(entry: _Entry) -> Iterator[None]:
    mark = _ENTRY.set(entry)
    try:
        yield
    finally:
        _ENTRY.reset(mark)


def _entry(call: inspect.BoundArguments, audit: str, about: str) -> _Entry:
    actor: Actor = call.args[0]
    given = call.arguments
    target = given.get(f"{about}_id", given.get(about)) if about else None
    purpose = given.get("purpose") or actor.purpose or ""
    return _Entry(actor, audit, about, "" if target is None else str(target)[:128], str(purpose)[:256])
