"""The actor of a job: written into it when it is enqueued, made anew when it runs."""

from collections.abc import Mapping
from typing import Any

from zhike.core.actor import NOBODY, WHOLE_BANK, Actor, Scope
from zhike.core.errors import Forbidden, ZhikeError
from zhike.operations.governance.actors import job_actor
from zhike.operations.governance.queries import staff_now
from zhike.operations.jobs.declaring import Job

_COMMAND_LINE = " "  # no user's name holds one: `governance.actors.system_actor`


class Refused(ZhikeError):
    """A job that must not run: without an actor, not declared, or whose person may not act any more."""

    status = 403

    def __init__(self, code: str) -> None:
        super().__init__(f"A job was refused: {code}.")
        self.code = code


def own_actor(of: Job) -> Actor:
    """The actor of a job that nobody asked for: the clock did."""
    return Actor("job", of.name, of.permissions, purpose=f"job {of.name}", scope=WHOLE_BANK)


def carried(of: Job, acting: Actor) -> dict[str, Any]:
    """What is written of the actor: the job acts for whoever enqueues it, with its own rights cut to theirs."""
    behalf = acting.on_behalf_of if acting.kind == "job" else acting.name
    return {
        "kind": "job", "name": of.name, "on_behalf_of": behalf, "asked_by": acting.kind,
        "permissions": sorted(of.permissions & acting.permissions), "roles": sorted(acting.roles),
        "scope": str(acting.scope), "purpose": f"job {of.name}", "locale": acting.locale,
    }  # fmt: skip


def rebuilt(of: Job, told: object) -> Actor:
    """The actor of a run; raises Refused. Rights are cut once more, to what the person may do now."""
    if not isinstance(told, Mapping):
        raise Refused("no_actor")
    try:
        permissions = frozenset(map(str, told["permissions"])) & of.permissions
        scope, behalf = _scope(str(told["scope"])), told["on_behalf_of"]
        locale, roles = told["locale"], frozenset(map(str, told["roles"]))
        if told["kind"] != "job" or told["name"] != of.name or locale not in ("zh", "en"):
            raise Refused("no_actor")
    except (KeyError, TypeError, ValueError):
        raise Refused("no_actor") from None
    if told.get("asked_by") == "staff" and behalf and _COMMAND_LINE not in behalf:
        permissions, scope = _still(str(behalf), permissions, scope)
    return Actor("job", of.name, permissions, behalf, f"job {of.name}", locale, roles, scope)


def _still(person: str, permissions: frozenset[str], scope: Scope) -> tuple[frozenset[str], Scope]:
    try:
        now = staff_now(job_actor("jobs.worker"), person)
    except Forbidden:
        raise Refused("person_gone") from None
    return permissions & now.permissions, _narrower(scope, now.scope)


def _narrower(then: Scope, now: Scope) -> Scope:
    """What was seen then and is seen now."""
    if now.bank or then == now:
        return then
    if then.bank:
        return now
    if then.party is not None or now.party is not None:
        return NOBODY
    return Scope(branches=then.branches & now.branches)


def _scope(text: str) -> Scope:
    """The reverse of ``str(scope)``; raises ValueError."""
    kind, _, value = text.partition(":")
    if kind == "bank":
        return WHOLE_BANK
    if kind == "party":
        return Scope(party=value)
    if kind != "branches":
        raise ValueError(kind)
    return Scope(branches=frozenset(int(branch) for branch in value.split(",") if branch))
