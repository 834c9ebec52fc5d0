"""One request: what it asks for, what it will do, what an edit changed, who signed; and one's own signature."""

from dataclasses import dataclass
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect

from zhike.core.actor import Actor
from zhike.core.errors import BadInput, Forbidden, ZhikeError
from zhike.core.text import Text
from zhike.interfaces.console.formatting import MINUS, Change
from zhike.interfaces.console.panel import Panel, panel
from zhike.interfaces.console.registry import Page, pages
from zhike.interfaces.console.showing import show
from zhike.interfaces.console.texts import said
from zhike.operations.approvals import actions, queries, signing
from zhike.operations.approvals.effect import Effect, moved
from zhike.operations.approvals.shapes import Whole


@dataclass(frozen=True)
class Counted:
    """One figure of the effect: when it was asked for, and now or when it was signed."""

    title: Text
    asked: str
    later: str
    change: Change | None


@pages.register(
    Page(
        name="approval",
        path="approvals/<int:request_id>/",
        title=Text("审批详情", "Request"),
        meaning=Text("申请内容、影响、签字", "What is asked for, what it does, who signed"),
        icon="badge-check",
        permission="make_request",
        under="approvals",
        texts={
            "number": Text("审批 {number}", "Request {number}"),
            "by": Text("{maker} 提交于 {at}", "asked by {maker} on {at}"),
            "expires": Text("{at} 到期", "expires {at}"),
            "ended": Text("{at} 办结", "ended {at}"),
            "version": Text("第 {number} 版", "version {number}"),
            "effect": Text("影响", "What it does"),
            "effect.asked": Text("提交时", "When asked for"),
            "effect.now": Text("现在", "Now"),
            "effect.signed": Text("签字时", "When signed"),
            "effect.count": Text("指标", "Figure"),
            "effect.change": Text("变化", "Change"),
            "effect.moved": Text("提交之后影响已变化", "The effect changed since it was asked for"),
            "effect.moved.help": Text(
                "审批前请核对“现在”一列，并勾选确认。", "Look at the figures of now and confirm them before you sign."
            ),
            "effect.lost": Text("现在无法办理", "It could not be done now"),
            "asked": Text("申请内容", "What is asked for"),
            "reason": Text("理由", "Reason"),
            "changed": Text("与上一版不同", "Changed against the version before"),
            "before": Text("原为", "was"),
            "none": Text("（未填）", "(not given)"),
            "digest": Text("内容指纹（SHA-256）", "Digest of what is signed (SHA-256)"),
            "signatures": Text("签字", "Signatures"),
            "signatures.none": Text("还没有签字", "Nobody has signed yet"),
            "signatures.of": Text("{given} / {needed} 个有效签字", "{given} of {needed} signatures that count"),
            "signed": Text("同意", "Signed"),
            "refused": Text("拒绝", "Refused"),
            "void": Text("已作废：签于第 {number} 版", "Void: given for version {number}"),
            "behalf": Text("代 {name}", "for {name}"),
            "failed": Text("已批准，但未能执行", "Signed, but it could not be done"),
            "failed.help": Text(
                "未产生任何更改。请解决原因后重新提交。", "Nothing was changed. Put the cause right and ask anew."
            ),
            "decide": Text("我的审批", "Your decision"),
            "decide.help": Text(
                "签字针对此版本的内容与影响，记入审计，不可更改。",
                "You sign this version and its effect. It is on record and cannot be changed.",
            ),
            "remark": Text("说明（拒绝时必填）", "Note (needed to refuse)"),
            "confirm": Text("我已核对新的影响", "I have looked at the new effect"),
            "sign": Text("同意并签字", "Sign"),
            "refuse": Text("拒绝", "Refuse"),
            "barred": Text("您不能审批此申请", "You cannot sign this one"),
            "own": Text("我的申请", "Your request"),
            "own.draft": Text(
                "草稿尚未提交。请核对影响，然后提交审批。", "Nobody is asked yet. Look at the effect, then ask."
            ),
            "own.open": Text(
                "修改后须重新审批：已有签字作废。", "An edit must be signed anew: signatures so far are void."
            ),
            "files": Text("下载", "Download"),
            "files.help": Text(
                "每次下载都记入审计。以 zhike audit verify --export 核对签名。",
                "Each download is on record. zhike audit verify --export checks the signature.",
            ),
            "open": Text("提交审批", "Ask for approval"),
            "edit": Text("修改", "Edit"),
            "withdraw": Text("撤回", "Withdraw"),
        },
    )
)
def approval(request: HttpRequest, actor: Actor, request_id: int) -> dict[str, Any]:
    return _values(actor, request_id)


@approval.part("decide", "decide/", method="POST")
def decide(request: HttpRequest, actor: Actor, request_id: int) -> HttpResponse:
    """Signs or refuses; a fault is told on the page, beside what it is about."""
    try:
        version = _version(request)
        remark = request.POST.get("remark", "")
        if request.POST.get("decision") == "refuse":
            signing.request_refuse(actor, request_id=request_id, version=version, remark=remark)
        else:
            confirmed = request.POST.get("confirmed", "")
            signing.request_sign(actor, request_id=request_id, version=version, remark=remark, confirmed=confirmed)
    except ZhikeError as fault:
        return _again(request, actor, request_id, fault)
    return redirect("approval", request_id)


@approval.part("change", "change/", method="POST")
def change(request: HttpRequest, actor: Actor, request_id: int) -> HttpResponse:
    """The maker asks for the signatures of a draft, or takes the request back."""
    does = {"open": actions.request_open, "withdraw": actions.request_withdraw}.get(request.POST.get("do", ""))
    try:
        if does is None:
            queries.request_get(actor, request_id)
            raise BadInput(Text("请选择操作。", "Choose what to do."))
        does(actor, request_id=request_id)
    except ZhikeError as fault:
        return _again(request, actor, request_id, fault)
    return redirect("approval", request_id)


@approval.part("take", "take/", method="POST")
def take(request: HttpRequest, actor: Actor, request_id: int) -> FileResponse:
    """Downloads what an applied request left for its maker."""
    place = request.POST.get("file", "")
    path = queries.request_product(actor, request_id, int(place) if place in ("0", "1") else -1)
    return FileResponse(path.open("rb"), as_attachment=True, content_type="application/octet-stream")


def _values(actor: Actor, request_id: int) -> dict[str, Any]:
    whole = queries.request_get(actor, request_id)
    now = _now(actor, whole)
    later = now.value if now else _when_signed(whole)
    asked, tolerance = whole.current.effect, whole.tolerance
    return {
        "whole": whole,
        "row": whole.row,
        "now": now,
        "counts": _counts(asked, later, actor),
        "sentences": (later or asked).sentences(actor.locale),
        "moved": bool(now and later and moved(asked.mark(), later.mark(), tolerance)),
        "mark": later.mark() if now and later else "",
        "fields": _fields(whole, actor),
    }


def _again(request: HttpRequest, actor: Actor, request_id: int, fault: ZhikeError) -> HttpResponse:
    if fault.status == 404:
        raise fault
    return show(request, actor, approval, _values(actor, request_id), fault)


def _now(actor: Actor, whole: Whole) -> Panel | None:
    """What the request would do now, while that still matters: as whoever could sign it, else as the reader."""
    if whole.row.state not in ("draft", "open"):
        return None
    try:
        hand = signing.signer_of(actor, whole.row.id)
    except Forbidden:
        hand = actor
    return panel(lambda: signing.effect_now(hand, whole.row.id))


def _when_signed(whole: Whole) -> Effect | None:
    counted = [one for one in whole.signatures if one.version == whole.row.version]
    return counted[-1].effect if counted else None


def _fields(whole: Whole, actor: Actor) -> list[tuple[Text, str, str]]:
    """(title, value, what it was before the last edit) of each field; "" where it was the same."""
    was = {change.title: _told(change.before, actor) for change in whole.changes}
    return [(title, _told(value, actor), was.get(title, "")) for _, title, value in whole.current.fields]


def _told(value: Any, actor: Actor) -> str:
    if value in (None, ""):
        return said("approval.none")
    return value.in_(actor.locale) if isinstance(value, Text) else str(value)


def _counts(asked: Effect, later: Effect | None, actor: Actor) -> list[Counted]:
    others = {one.name: one for one in later.counts} if later else {}
    return [
        Counted(
            one.title, str(one), str(others.get(one.name, "—")),
            _difference(others[one.name].value - one.value, actor) if one.name in others else None,
        )
        for one in asked.counts
    ]  # fmt: skip


def _difference(by: int, actor: Actor) -> Change:
    if not by:
        return Change("flat", Text("持平", "unchanged").in_(actor.locale))
    return Change("up" if by > 0 else "down", f"{'+' if by > 0 else MINUS}{abs(by):,}")


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        raise BadInput(Text("请从审批页提交。", "Send this from the page of the request."))
    return int(text)
