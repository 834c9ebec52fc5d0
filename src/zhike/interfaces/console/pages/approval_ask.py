"""Asking for something, or editing what one asked for: the form follows from the kind's payload."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from zhike.core.actor import Actor
from zhike.core.errors import BadInput, NotFound, ZhikeError
from zhike.core.text import Text
from zhike.interfaces.console.registry import Page, pages
from zhike.interfaces.console.showing import show
from zhike.operations.approvals import actions, queries
from zhike.operations.approvals.kind import Kind, kinds
from zhike.operations.approvals.payload import Field, fields_of


@dataclass(frozen=True)
class Input:
    """One field of the form, with what was typed."""

    field: Field
    value: str

    @property
    def type(self) -> str:
        return {date: "date", int: "number", str: "text"}[self.field.type]


@pages.register(
    Page(
        name="approval_ask",
        path="approvals/ask/",
        title=Text("提交申请", "Ask for approval"),
        meaning=Text("填写须由第二人审批的申请", "Ask for what needs a second person"),
        icon="badge-check",
        permission="make_request",
        under="approvals",
        methods=("GET", "POST"),
        texts={
            "reason": Text("理由", "Reason"),
            "reason.help": Text("审批人据此判断：为何需要，有何依据。", "What the signer judges by: why it is needed."),
            "optional": Text("可不填", "optional"),
            "choose": Text("请选择", "Choose"),
            "next": Text("查看影响", "See what it will do"),
            "next.help": Text(
                "下一步显示影响；确认提交后才会通知审批人。",
                "The next page shows what it will do. Nobody is asked before you say so.",
            ),
            "save": Text("保存为新版本", "Save as a new version"),
            "save.help": Text(
                "保存后，已有签字作废，须重新审批。", "Signatures so far will be void, and it must be signed anew."
            ),
            "cancel": Text("取消", "Cancel"),
            "needs": Text("需要 {count} 个签字；{days} 天内有效。", "Needs {count} signatures; open for {days} days."),
        },
    )
)
def approval_ask(request: HttpRequest, actor: Actor) -> dict[str, Any] | HttpResponse:
    if request.method == "POST":
        return _take(request, actor)
    number = request.GET.get("request", "")
    if number:
        return _form(*_existing(actor, number))
    kind = _kind(actor, request.GET.get("kind", ""))
    return _form(kind, {each.name: request.GET.get(each.name, "") for each in fields_of(kind.payload)}, "", "")


def _take(request: HttpRequest, actor: Actor) -> HttpResponse:
    number, reason = request.POST.get("request", ""), request.POST.get("reason", "")
    kind = _existing(actor, number)[0] if number else _kind(actor, request.POST.get("kind", ""))
    given = {each.name: request.POST.get(each.name, "") for each in fields_of(kind.payload)}
    try:
        if number:
            actions.request_edit(actor, request_id=int(number), given=given, reason=reason)
            return redirect("approval", int(number))
        made = actions.request_make(actor, kind=kind.name, given=given, reason=reason)
        return redirect("approval", made)
    except ZhikeError as fault:
        return show(request, actor, approval_ask, _form(kind, given, reason, number), fault)


def _form(kind: Kind, typed: dict[str, Any], reason: str, number: str) -> dict[str, Any]:
    inputs = [
        Input(each, "" if typed.get(each.name) is None else str(typed[each.name])) for each in fields_of(kind.payload)
    ]
    return {"kind": kind, "inputs": inputs, "reason": reason, "number": number}


def _existing(actor: Actor, number: str) -> tuple[Kind, dict[str, Any], str, str]:
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise NotFound(Text("没有这项审批。", "There is no such request."))
    whole = queries.request_get(actor, int(number))
    if not whole.own:
        raise NotFound(Text(f"您没有提交过审批 {number}。", f"You asked for no request {number}."))
    return kinds.get(whole.row.kind), whole.current.payload, whole.row.reason, number


def _kind(actor: Actor, name: str) -> Kind:
    found = {kind.name: kind for kind in queries.kinds_to_ask(actor)}.get(name)
    if found is None:
        raise BadInput(Text("请从“审批”页选择要申请的事项。", "Choose what to ask for on the page Approvals."))
    return found
