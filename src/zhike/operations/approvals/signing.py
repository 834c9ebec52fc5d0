"""Signing and refusing. The last signature does what was asked for, in its own transaction.

When that fails (docs/decisions/0009): an expected fault of the owning app undoes what was begun, keeps the signature
and ends the request as ``failed``, saying why. A part that does not answer, or a fault of Zhike itself, undoes the
signature too: the request stays open, and can be signed again.
"""

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from zhike.core.actor import Actor
from zhike.core.clock import now
from zhike.core.errors import BadInput, Conflict, Forbidden, NotFound, Unavailable, ZhikeError
from zhike.core.failpoint import failpoint
from zhike.core.text import Text
from zhike.operations.approvals.effect import Effect, moved
from zhike.operations.approvals.kind import Approved, Kind, kinds
from zhike.operations.approvals.models import Request, Signature, Version
from zhike.operations.approvals.payload import from_canonical
from zhike.operations.approvals.rights import one_hand, signing
from zhike.operations.approvals.seeing import kinds_seen
from zhike.operations.governance.acting import action, note, query
from zhike.operations.governance.approved import applying
from zhike.operations.governance.hands import hands_of

_MOST_NOTE = 500


@dataclass(frozen=True)
class Signed:
    """How a request stands after a signature; ``failure`` says why what was signed could not be done."""

    state: str
    given: int
    needed: int
    failure: Text | None = None


def request_sign(actor: Actor, *, request_id: int, version: int, remark: str = "", confirmed: str = "") -> Signed:
    """Signs the version that was looked at. ``confirmed`` is the mark of the effect that the signer saw.

    Raises Forbidden to whom may not sign it, Conflict when it was edited, ended or expired meanwhile, or when its
    effect moved beyond the tolerance and the new one was not confirmed.
    """
    hand = _hand(actor, request_id)
    return _sign(hand, request_id=request_id, version=version, remark=remark, confirmed=confirmed)


def request_refuse(actor: Actor, *, request_id: int, version: int, remark: str) -> Signed:
    """Refuses the version that was looked at, for a reason: the request ends."""
    if not remark.strip():
        raise BadInput(Text("请说明拒绝的理由。", "Say why you refuse."))
    return _refuse(_hand(actor, request_id), request_id=request_id, version=version, remark=remark)


@query(permission="make_request")
def signer_of(actor: Actor, request_id: int) -> Actor:
    """The actor as they would sign this request; raises Forbidden when they may not, NotFound when they see none."""
    request, kind, payload = _read(actor, request_id)
    return signing(actor, kind, request.maker, kind.concerns(payload))


@query(permission="make_request")
def effect_now(actor: Actor, request_id: int) -> Effect:
    """What the request would do if it were applied now; asked for as whoever `signer_of` gave."""
    _, kind, payload = _read(actor, request_id)
    return kind.effect(actor, payload)


def _hand(actor: Actor, request_id: int) -> Actor:
    try:
        return signer_of(actor, request_id)
    except Forbidden as fault:
        _turn_away(actor, request_id=request_id, why=str(fault))
        raise


@action(permission="make_request", audit="approval.turn_away", about="request")
def _turn_away(actor: Actor, *, request_id: int, why: str) -> None:
    """Puts on record that somebody tried to sign what they may not."""
    note(why=why)


@action(permission="sign_request", audit="approval.sign", about="request")
def _sign(actor: Actor, *, request_id: int, version: int, remark: str, confirmed: str) -> Signed:
    request, kind, payload = _locked(actor, request_id, version)
    effect = kind.effect(actor, payload)
    _require_seen(request, kind, effect, confirmed)
    _give(actor, request, "signed", remark, effect)
    given = _signers(request)
    if len(given) < request.needed:
        return Signed(request.state, len(given), request.needed)
    failpoint("approvals.signed")
    request.state = "approved"
    request.save(update_fields=["state"])
    failure = _apply(actor, request, kind, payload, given)
    request.state, request.ended_at = "failed" if failure else "applied", now()
    request.failure = {"zh": failure.zh, "en": failure.en} if failure else None
    request.save(update_fields=["state", "ended_at", "failure"])
    note(state=request.state)
    return Signed(request.state, len(given), request.needed, failure)


@action(permission="sign_request", audit="approval.refuse", about="request")
def _refuse(actor: Actor, *, request_id: int, version: int, remark: str) -> Signed:
    request, _kind, _payload = _locked(actor, request_id, version)
    effect = Version.objects.get(request=request, number=version).effect
    _give(actor, request, "refused", remark, Effect.from_json(effect))
    request.state, request.ended_at = "refused", now()
    request.save(update_fields=["state", "ended_at"])
    return Signed("refused", 0, request.needed)


def _apply(actor: Actor, request: Request, kind: Kind, payload: Any, signers: tuple[str, ...]) -> Text | None:
    """Does it; gives what the owning app says when it cannot be done, with all that was begun undone."""
    try:
        with transaction.atomic(), applying(kind.name):
            kind.apply(actor, payload, Approved(request.id, request.maker, signers, request.reason))
    except Unavailable:
        raise
    except ZhikeError as fault:
        return fault.text or Text(f"未能执行：{fault}", str(fault) or "It could not be done.")
    return None


def _give(actor: Actor, request: Request, decision: str, remark: str, effect: Effect) -> None:
    said = " ".join(remark.split())
    if len(said) > _MOST_NOTE or not said.isprintable():
        raise BadInput(Text(f"说明不超过 {_MOST_NOTE} 字。", f"A note has at most {_MOST_NOTE} characters."))
    if request.signatures.filter(version=request.version, checker=actor.name).exists():
        raise Conflict(Text("您已审批过这一版本。", "You have signed this version."))
    for other in request.signatures.filter(version=request.version).values_list("checker", flat=True):
        if hands_of([other]) & hands_of([actor.name]):
            raise Conflict(one_hand(actor.name, other))
    behind = actor.on_behalf_of or actor.name
    if behind in {one.on_behalf_of or one.checker for one in request.signatures.filter(version=request.version)}:
        raise Conflict(
            Text(
                f"{behind} 的权限已用于这一版本的另一签字：须由另一位持有权限的同事审批。",
                f"The right of {behind} stands behind another signature of this version: somebody else must sign.",
            )
        )
    Signature.objects.create(
        request=request, maker=request.maker, version=request.version, digest=request.digest, checker=actor.name,
        on_behalf_of=actor.on_behalf_of, decision=decision, note=said, effect=effect.as_json(),
    )  # fmt: skip
    note(version=request.version, digest=request.digest, decision=decision)


def _signers(request: Request) -> tuple[str, ...]:
    signed = request.signatures.filter(version=request.version, digest=request.digest, decision="signed")
    return tuple(signed.order_by("id").values_list("checker", flat=True))


def _require_seen(request: Request, kind: Kind, effect: Effect, confirmed: str) -> None:
    """The effect is the one shown when it was asked for, or the one that the signer says to have seen."""
    shown = Effect.from_json(Version.objects.get(request=request, number=request.version).effect).mark()
    if not moved(shown, effect.mark(), kind.tolerance):
        return
    if not confirmed or moved(confirmed, effect.mark(), kind.tolerance):
        zh, en = "；".join(effect.sentences("zh")), " ".join(effect.sentences("en"))
        raise Conflict(
            Text(
                f"提交之后影响已变化，现为：{zh} 请核对并确认新的影响后再审批。",
                f"What this does has changed since it was asked for. Now: {en} Look again, and confirm it as you sign.",
            )
        )


def _read(actor: Actor, request_id: int) -> tuple[Request, Kind, Any]:
    request = Request.visible_to(actor).filter(id=request_id).first()
    if request is None or not is_seen(actor, request):
        raise NotFound(Text(f"没有审批 {request_id}。", f"There is no request {request_id}."))
    return request, kinds.get(request.kind), payload_of(request)


def is_seen(actor: Actor, request: Request) -> bool:
    """Whether the kind lets the actor know of this request, which is of a kind they see."""
    seen = kinds.get(request.kind).seen
    return seen is None or seen(actor, payload_of(request))


def payload_of(request: Request) -> Any:
    """The payload of the current version."""
    text = Version.objects.get(request=request, number=request.version).payload
    return from_canonical(kinds.get(request.kind).payload, text)


def _locked(actor: Actor, request_id: int, version: int) -> tuple[Request, Kind, Any]:
    """The request, held until the transaction ends, so that of two signers or a signer and an editor one comes first.

    Raises Conflict unless it is open, in time, and still of this version.
    """
    kinds_seen(actor)
    request = Request.objects.select_for_update().filter(id=request_id).first()
    if request is None:
        raise NotFound(Text(f"没有审批 {request_id}。", f"There is no request {request_id}."))
    if request.state != "open":
        raise Conflict(
            Text(
                f"审批 {request_id} 已不在待审批状态：请刷新查看。",
                f"Request {request_id} is {request.state}: it cannot be signed any more.",
            )
        )
    if request.expires_at <= now():
        raise Conflict(
            Text(
                f"审批 {request_id} 已过期：须重新提交。",
                f"Request {request_id} has expired: it must be asked for anew.",
            )
        )
    if request.version != version:
        raise Conflict(
            Text(
                f"申请已改为第 {request.version} 版：请查看新内容后再审批。",
                f"The request was edited: it is version {request.version} now. Read it, then sign.",
            )
        )
    kind, payload = kinds.get(request.kind), payload_of(request)
    # Again, now that nothing changes any more: the right may have ended while this waited for its turn.
    if signing(actor, kind, request.maker, kind.concerns(payload)).on_behalf_of != actor.on_behalf_of:
        raise Conflict(
            Text("您的审批权已变化：请刷新后重试。", "Your right to sign has changed: reload and try again.")
        )
    return request, kind, payload
