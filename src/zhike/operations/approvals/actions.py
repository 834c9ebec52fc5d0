"""Asking: a draft with its effect, its opening, edits that void signatures, withdrawal, expiry. Signing: `signing`."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db.models.functions import Now

from zhike.core.actor import Actor
from zhike.core.clock import now
from zhike.core.errors import BadInput, Conflict, Forbidden, NotFound
from zhike.core.text import Text
from zhike.operations.approvals.kind import Kind, kinds
from zhike.operations.approvals.models import OPEN, Request, Version
from zhike.operations.approvals.payload import canonical, digest, parse
from zhike.operations.approvals.seeing import kinds_seen, person
from zhike.operations.governance.acting import action, note
from zhike.operations.governance.masking import mask_text

_MOST_REASON = 500


@action(permission="make_request", audit="approval.draft")
def request_make(actor: Actor, *, kind: str, given: Mapping[str, Any], reason: str) -> int:
    """Keeps a draft with the effect it would have now, and returns its number; nobody is asked yet (`request_open`).

    Raises BadInput for a payload or a reason that cannot be, Forbidden without the kind's right to ask.
    """
    kinds_seen(actor)
    wanted = kinds.get(kind)
    actor.require(wanted.ask)
    payload, text, said = _checked(actor, wanted, given, reason)
    request = Request.objects.create(
        kind=kind, maker=person(actor), reason=said, needed=wanted.signatures, digest=digest(kind, 1, text)
    )
    _keep_version(actor, request, wanted, payload)
    note(request=request.id, kind=kind, digest=request.digest)
    return request.id


@action(permission="make_request", audit="approval.open", about="request")
def request_open(actor: Actor, *, request_id: int) -> None:
    """Asks for the signatures; from now on the request expires."""
    request = _own(actor, request_id, ("draft",))
    wanted = kinds.get(request.kind)
    actor.require(wanted.ask)
    request.state, request.expires_at = "open", now() + timedelta(days=wanted.expiry_days)
    request.save(update_fields=["state", "expires_at"])
    note(version=request.version, digest=request.digest, expires_at=request.expires_at.isoformat())


@action(permission="make_request", audit="approval.edit", about="request")
def request_edit(actor: Actor, *, request_id: int, given: Mapping[str, Any], reason: str) -> int:
    """Puts a new version in the place of the one before, whose signatures are void; returns its number.

    The day of expiry stays. Raises BadInput when nothing changed.
    """
    request = _own(actor, request_id, OPEN)
    wanted = kinds.get(request.kind)
    actor.require(wanted.ask)
    payload, text, said = _checked(actor, wanted, given, reason)
    before = Version.objects.get(request=request, number=request.version)
    if (before.payload, before.reason) == (text, said):
        raise BadInput(Text("内容没有变化。", "Nothing was changed."))
    request.version, request.reason = request.version + 1, said
    request.digest = digest(request.kind, request.version, text)
    _keep_version(actor, request, wanted, payload)
    voided = request.signatures.filter(version=request.version - 1).count()
    request.save(update_fields=["version", "reason", "digest"])
    note(version=request.version, digest=request.digest, voided=voided)
    return request.version


@action(permission="make_request", audit="approval.withdraw", about="request")
def request_withdraw(actor: Actor, *, request_id: int) -> None:
    """Takes a request back before it is signed."""
    request = _own(actor, request_id, OPEN)
    request.state, request.ended_at = "withdrawn", now()
    request.save(update_fields=["state", "ended_at"])


@action(permission="manage_jobs", audit="approval.expire")
def requests_expire(actor: Actor) -> int:
    """Marks what nobody signed in time; it could not be signed any more since that very moment."""
    kinds_seen(actor)
    late = Request.objects.filter(state="open", expires_at__lte=Now())
    marked = late.update(state="expired", ended_at=Now())
    note(requests=marked)
    return marked


def _checked(actor: Actor, kind: Kind, given: Mapping[str, Any], reason: str) -> tuple[Any, str, str]:
    payload, said = parse(kind.payload, given), mask_text(" ".join(reason.split()))
    if not said or len(said) > _MOST_REASON or not said.isprintable():
        raise BadInput(
            Text(f"请用不超过 {_MOST_REASON} 字说明理由。", f"Give the reason in at most {_MOST_REASON} characters.")
        )
    if person(actor) in kind.concerns(payload):
        raise Forbidden(Text("该申请与您本人有关，请由他人提交。", "This is about you: another person asks for it."))
    return payload, canonical(payload), said


def _keep_version(actor: Actor, request: Request, kind: Kind, payload: Any) -> None:
    Version.objects.create(
        request=request, number=request.version, payload=canonical(payload), digest=request.digest,
        reason=request.reason, effect=kind.effect(actor, payload).as_json(),
    )  # fmt: skip


def _own(actor: Actor, request_id: int, states: tuple[str, ...]) -> Request:
    """One's own request, locked; another's answers as one that does not exist."""
    request = Request.visible_to(actor).select_for_update().filter(id=request_id, maker=person(actor)).first()
    if request is None:
        raise NotFound(Text(f"您没有提交过审批 {request_id}。", f"You asked for no request {request_id}."))
    if request.state not in states:
        raise Conflict(
            Text(
                f"审批 {request_id} 已不在可更改的状态：请刷新查看。",
                f"Request {request_id} is {request.state}: nothing of it can be changed any more.",
            )
        )
    return request
