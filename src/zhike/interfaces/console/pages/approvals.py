"""Approvals: what waits for my signature, what I asked for, what came of it; and who signs for whom."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from zhike.core.actor import Actor
from zhike.core.errors import BadInput, ZhikeError
from zhike.core.text import Text
from zhike.interfaces.console.panel import panel
from zhike.interfaces.console.registry import Page, pages
from zhike.interfaces.console.showing import show
from zhike.interfaces.input import typed_day, whole_number
from zhike.operations.approvals import queries
from zhike.operations.approvals.delegations import delegation_begin, delegation_end
from zhike.operations.governance.belonging import today

_LISTS = ("waiting", "mine", "history")
_ROWS = 100
_USUAL_DAYS = 14
_DAYS = Text("请填写起始日和结束日。", "Give the first day and the day it ends.")


@pages.register(
    Page(
        name="approvals",
        path="approvals/",
        title=Text("审批", "Approvals"),
        meaning=Text("须由第二人审批的事项", "What needs a second person"),
        icon="badge-check",
        permission="make_request",
        menu=40,
        texts={
            "lists": Text("审批清单", "Lists"),
            "list.waiting": Text("待我审批", "Waiting for me"),
            "list.mine": Text("我的申请", "What I asked for"),
            "list.history": Text("历史", "History"),
            "ask": Text("提交申请", "Ask for approval"),
            "number": Text("编号", "No."),
            "kind": Text("事项", "Kind"),
            "maker": Text("申请人", "Asked by"),
            "reason": Text("理由", "Reason"),
            "signatures": Text("签字", "Signatures"),
            "expires": Text("到期", "Expires"),
            "ended": Text("办结", "Ended"),
            "state": Text("状态", "State"),
            "state.draft": Text("草稿", "Draft"),
            "state.open": Text("待审批", "Open"),
            "state.approved": Text("已批准", "Approved"),
            "state.applied": Text("已生效", "Applied"),
            "state.refused": Text("已拒绝", "Refused"),
            "state.withdrawn": Text("已撤回", "Withdrawn"),
            "state.expired": Text("已过期", "Expired"),
            "state.failed": Text("执行失败", "Failed"),
            "empty.waiting": Text("没有待您审批的事项", "Nothing waits for you"),
            "empty.waiting.help": Text(
                "同事提交须由您审批的申请后会显示在这里。", "What colleagues ask for and you may sign will stand here."
            ),
            "empty.mine": Text("您还没有提交过申请", "You have asked for nothing yet"),
            "empty.mine.help": Text(
                "有些操作须由第二人审批：请从上方提交申请。", "Some things need a second person: ask for them above."
            ),
            "empty.history": Text("还没有办结的审批", "Nothing has come to an end yet"),
            "empty.history.help": Text(
                "已生效、拒绝、撤回、过期或执行失败的申请会显示在这里。",
                "What was applied, refused, withdrawn, expired or failed will stand here.",
            ),
            "keys": Text("j / k 移动，Enter 打开", "j / k to move, Enter to open"),
            "delegations": Text("委托审批", "Delegation"),
            "delegations.help": Text(
                "不在岗时，由同事在期限内代您签字。委托不可转委托，也不可用于受托人自己或您自己提交的申请。",
                "A colleague signs in your place for a time. Never lent on; it signs nothing either of you asked for.",
            ),
            "delegations.none": Text("没有有效的委托", "No delegation holds"),
            "delegator": Text("委托人", "From"),
            "delegate": Text("受托人", "To"),
            "from": Text("起始日", "First day"),
            "until": Text("结束日（当日不含）", "Until (excluded)"),
            "every_kind": Text("全部事项", "Every kind"),
            "delegate.user": Text("受托人用户名", "User name of the colleague"),
            "delegate.do": Text("委托", "Delegate"),
            "delegate.end": Text("收回", "Take back"),
        },
    )
)
def approvals(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    which = request.GET.get("list", "waiting")
    return _values(actor, which if which in _LISTS else "waiting")


@approvals.part("delegate", "delegate/", method="POST")
def delegate(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Lets a colleague sign in one's place."""
    asked = {name: request.POST.get(name, "").strip()[:128] for name in ("user", "kind", "from", "until")}
    try:
        first, end = (typed_day(asked[name], _DAYS) for name in ("from", "until"))
        delegation_begin(actor, delegate=asked["user"], kind=asked["kind"], valid_from=first, valid_to=end)
    except ZhikeError as fault:
        return show(request, actor, approvals, {**_values(actor, "waiting"), "asked": asked}, fault)
    return redirect("approvals")


@approvals.part("delegate_end", "delegate/end/", method="POST")
def delegate_end(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Takes a delegation back."""
    number = whole_number(request.POST.get("delegation", ""))
    if number is None:
        raise BadInput(Text("请选择要收回的委托。", "Choose the delegation to take back."))
    delegation_end(actor, delegation_id=number)
    return redirect("approvals")


def _values(actor: Actor, which: str) -> dict[str, Any]:
    day = today()
    return {
        "which": which,
        "lists": _LISTS,
        "waiting": queries.waiting_count(actor),
        "rows": panel(lambda: queries.request_list(actor, which, _ROWS)),
        "asking": queries.kinds_to_ask(actor),
        "lent": queries.delegation_list(actor),
        "lending": queries.kinds_to_delegate(actor),
        "asked": {"from": day.isoformat(), "until": (day + timedelta(days=_USUAL_DAYS)).isoformat()},
    }
