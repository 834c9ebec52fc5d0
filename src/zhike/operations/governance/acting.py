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
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from django.db import connection, transaction

from zhike.core.actor import Actor
from zhike.core.errors import Invariant, TooMany
from zhike.operations.governance.masking import mask_text
from zhike.operations.governance.models import AuditEntry

P = ParamSpec("P")
R = TypeVar("R")
Scalar = str | int | float | bool | None

# What the policies of row-level security ask: who acts, for whom, on whose rows. Until the transaction ends.
_TOLD = """
SELECT set_config('zhike.actor', %s, true), set_config('zhike.on_behalf_of', %s, true),
    set_config('zhike.scope', %s, true)
"""


class Guard(Protocol):
    """What stands around every writing transaction of a background job (`operations.jobs.fencing`)."""

    def opened(self, cursor: Any) -> None:
        """Called when the transaction has begun."""

    def closing(self, cursor: Any) -> None:
        """Called last before it commits; what it raises rolls the transaction back."""


_ACTING: ContextVar[Actor | None] = ContextVar("acting", default=None)
_ENTRY: ContextVar["_Entry | None"] = ContextVar("entry", default=None)
_GUARD: ContextVar[Guard | None] = ContextVar("guard", default=None)


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


def query(
    *, permission: str, audit: str = "", about: str = ""
) -> Callable[[Callable[Concatenate[Actor, P], R]], Callable[Concatenate[Actor, P], R]]:
    """Makes a function ``(actor, …)`` a query: permission, then one read-only transaction that knows the actor.

    With ``audit`` the reading itself is on record, as an action is: for what tells of persons.
    """

    def decorate(function: Callable[Concatenate[Actor, P], R]) -> Callable[Concatenate[Actor, P], R]:
        if audit:
            return action(permission=permission, audit=audit, about=about)(function)

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
def transaction_of(actor: Actor, *, read_only: bool = True) -> Iterator[None]:
    """A transaction of its own that knows the actor and leaves no entry: for an answer that is streamed after its
    query has returned; to write (``read_only`` off) only what `tests/test_writes.py` gives a reason for.
    """
    with _transaction(actor, read_only=read_only):
        yield


@contextmanager
def transaction_to_write(actor: Actor) -> Iterator[None]:
    """A transaction that writes without an entry of its own: the sealer, the schedule, the run of a job."""
    with _transaction(actor):
        yield


@contextmanager
def guarded(guard: Guard) -> Iterator[None]:
    """Every writing transaction begun inside is guarded."""
    mark = _GUARD.set(guard)
    try:
        yield
    finally:
        _GUARD.reset(mark)


def writing_actor() -> Actor | None:
    """Who acts in the running transaction of an action; None outside one."""
    return _ACTING.get() if _ENTRY.get() is not None and connection.in_atomic_block else None


@contextmanager
def _short(entry: _Entry) -> Iterator[None]:
    try:
        with _transaction(entry.actor), _noting(entry):
            yield
            entry.write("done")
    except TooMany:  # rolled back with the rest, and yet on record: who is stopped at a limit may be after many
        _write(entry, "stopped")
        raise


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
    guard = _GUARD.get() if outermost and not read_only else None
    with _acting(actor), transaction.atomic(), connection.cursor() as cursor:
        if read_only and outermost:
            cursor.execute("SET TRANSACTION READ ONLY")
        cursor.execute(_TOLD, [f"{actor.kind}:{actor.name}", actor.on_behalf_of or "", str(actor.scope)])
        if guard is not None:
            guard.opened(cursor)
        yield
        if guard is not None:
            guard.closing(cursor)


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
    # Of an object and a purpose people type what they like, a phone among it: the log holds nobody's.
    named = "" if target is None else mask_text(str(target)[:128])
    return _Entry(actor, audit, about, named[:128], mask_text(str(purpose)[:256])[:256])
