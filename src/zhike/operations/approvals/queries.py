"""What approvals tell: what waits for whom, what somebody asked for, what came of it; one request whole."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from django.db.models.functions import Now

from zhike.core.actor import Actor
from zhike.core.clock import now
from zhike.core.errors import BadInput, NotFound, ZhikeError
from zhike.core.text import Text
from zhike.operations.approvals import shapes
from zhike.operations.approvals.kind import Kind, kinds
from zhike.operations.approvals.models import FINAL, Delegation, Request, Signature, Version
from zhike.operations.approvals.rights import signing
from zhike.operations.approvals.seeing import person
from zhike.operations.approvals.signing import is_seen, payload_of
from zhike.operations.governance.acting import note, query
from zhike.operations.governance.belonging import today

_MOST_ROWS = 200
List = Literal["waiting", "mine", "history"]


@query(permission="make_request")
def request_list(actor: Actor, which: List = "waiting", limit: int = 50) -> list[shapes.Row]:
    """``waiting`` for this actor's signature, soonest to expire first; ``mine``, or what has ended, newest first."""
    if which not in ("waiting", "mine", "history") or not 1 <= limit <= _MOST_ROWS:
        raise BadInput(
            Text(
                f"清单须为 waiting、mine 或 history，行数须在 1 到 {_MOST_ROWS} 之间。",
                f"The list is waiting, mine or history, of 1 to {_MOST_ROWS} rows.",
            )
        )
    rows = Request.visible_to(actor)
    if which == "waiting":
        return [_row(one) for one in _waiting(actor, rows)][:limit]
    found = rows.filter(maker=person(actor)) if which == "mine" else rows.filter(state__in=FINAL)
    return [_row(one) for one in found.order_by("-id")[:limit] if is_seen(actor, one)]


@query(permission="make_request")
def waiting_count(actor: Actor) -> int:
    """How many requests wait for this actor's signature."""
    return len(list(_waiting(actor, Request.visible_to(actor))))


@query(permission="make_request", audit="approval.read", about="request")
def request_get(actor: Actor, request_id: int) -> shapes.Whole:
    """One request with all its versions and signatures; on record, as part of what a signature rests on."""
    request = Request.visible_to(actor).filter(id=request_id).first()
    if request is None or not is_seen(actor, request):
        raise NotFound(Text(f"没有审批 {request_id}。", f"There is no request {request_id}."))
    kind = kinds.get(request.kind)
    versions = list(Version.objects.filter(request=request).order_by("number"))
    signatures = list(Signature.objects.filter(request=request).order_by("id"))
    barred = None
    if request.state == "open":
        try:
            signing(actor, kind, request.maker, kind.concerns(payload_of(request)))
        except ZhikeError as fault:
            barred = fault.text
    return shapes.Whole(
        _row(request), kind.meaning, tuple(shapes.version(kind, one) for one in versions),
        tuple(shapes.signature(one) for one in signatures), person(actor) == request.maker, barred, _failure(request),
        kind.tolerance, tuple(one.name for one in _product(request)) if request.state == "applied" else (),
    )  # fmt: skip


@query(permission="make_request", audit="approval.take", about="request")
def request_product(actor: Actor, request_id: int, place: int = 0) -> Path:
    """One of the files that an applied request left, for who asked for it; taking it is on record.

    Raises NotFound for anybody else, before it is applied, and where the kind leaves none.
    """
    request = Request.visible_to(actor).filter(id=request_id, maker=person(actor), state="applied").first()
    files = _product(request) if request is not None else ()
    if not 0 <= place < len(files):
        raise NotFound(Text("没有可下载的文件。", "There is no file to download."))
    note(file=files[place].name)
    return files[place]


@query(permission="make_request")
def delegation_list(actor: Actor) -> list[shapes.Lent]:
    """Delegations that hold or will, given and received; for auditors everybody's."""
    rows = Delegation.visible_to(actor).filter(valid_to__gt=today()).order_by("valid_from", "id")
    return [
        shapes.Lent(
            one.id, one.delegator, one.delegate, kinds.get(one.kind).title if one.kind else None, one.valid_from,
            one.valid_to, one.delegator == person(actor),
        ) for one in rows
    ]  # fmt: skip


@query(permission="make_request")
def kinds_to_ask(actor: Actor) -> list[Kind]:
    """The kinds of request that this actor may make."""
    return [kind for kind in kinds if actor.may(kind.ask)]


@query(permission="make_request")
def kinds_to_delegate(actor: Actor) -> list[Kind]:
    """The kinds of request that this actor may sign, by whatever right; `delegation_begin` asks whose it is."""
    return [kind for kind in kinds if actor.may(kind.sign) and actor.may("sign_request")]


def _waiting(actor: Actor, rows: Any) -> Iterable[Request]:
    """What this person could sign now: open, in time, not their own, not signed by them in this version."""
    due = rows.filter(state="open", expires_at__gt=Now()).exclude(maker=person(actor)).order_by("expires_at", "id")
    done = set(Signature.objects.filter(request__in=due, checker=actor.name).values_list("request_id", "version"))
    for request in due:
        if (request.id, request.version) not in done and is_seen(actor, request) and _may_sign(actor, request):
            yield request


def _may_sign(actor: Actor, request: Request) -> bool:
    kind = kinds.get(request.kind)
    try:
        signing(actor, kind, request.maker, kind.concerns(payload_of(request)))
    except ZhikeError:
        return False
    return True


def _row(request: Request) -> shapes.Row:
    given = request.signatures.filter(version=request.version, decision="signed").count()
    state = "expired" if request.state == "open" and _late(request.expires_at) else request.state
    return shapes.Row(
        request.id, request.kind, kinds.get(request.kind).title, request.maker, request.reason, state,
        request.version, given, request.needed, request.created_at, request.expires_at, request.ended_at,
    )  # fmt: skip


def _late(expires_at: datetime) -> bool:
    return expires_at <= now()


def _product(request: Request) -> tuple[Path, ...]:
    named = kinds.get(request.kind).product
    return tuple(each for each in named(request.id) if each.is_file()) if named else ()


def _failure(request: Request) -> Text | None:
    return Text(request.failure["zh"], request.failure["en"]) if request.failure else None
