"""One complaint: its clock, its steps, its texts behind a purpose, its files, and what is to be done next."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from zhike.core.actor import Actor
from zhike.core.errors import BadInput, Conflict, Forbidden, ZhikeError
from zhike.core.text import Text
from zhike.interfaces.console.complaining import doing, told, words
from zhike.interfaces.console.panel import panel
from zhike.interfaces.console.registry import Page, pages
from zhike.interfaces.console.showing import show
from zhike.interfaces.input import whole_number
from zhike.operations.files import actions as files
from zhike.operations.files import kinds, limits
from zhike.operations.files import queries as filed
from zhike.operations.service import actions, queries
from zhike.operations.service.texts import LONGEST

_PURPOSES: dict[str, Text] = {
    "handle": Text("处理投诉", "Handle the complaint"),
    "supervise": Text("督办复核", "Supervise it"),
    "answer_regulator": Text("答复监管机构", "Answer the regulator"),
    "other": Text("其他（请说明）", "Other (say what)"),
}


@pages.register(
    Page(
        name="complaint",
        path="complaints/<str:complaint_id>/",
        title=Text("投诉详情", "Complaint"),
        meaning=Text("时限、进展、内容与处理", "Clock, progress, texts and what to do"),
        icon="message-square",
        permission="view_complaint",
        under="complaints",
        texts={
            "facts": Text("基本情况", "Facts"),
            "customer": Text("客户", "Customer"),
            "stranger": Text("未识别客户", "Not a known customer"),
            "channel": Text("渠道", "Channel"),
            "cause": Text("原因", "Cause"),
            "severity": Text("程度", "Severity"),
            "received": Text("收到", "Received"),
            "taken_by": Text("登记人", "Taken by"),
            "handler": Text("经办人", "Handler"),
            "about": Text("被投诉人", "About"),
            "outcome": Text("结论", "Outcome"),
            "regulator": Text("监管转办", "From the regulator"),
            "clock": Text("时限", "Clock"),
            "left": Text("剩 {days} 天", "{days} days left"),
            "left.today": Text("今天到期", "Due today"),
            "late": Text("逾期 {days} 天", "{days} days overdue"),
            "told": Text("已答复", "Answered"),
            "due": Text("须在 {day} 前（含当日）答复", "To be answered on or before {day}"),
            "steps": Text("进展", "Steps"),
            "texts": Text("内容", "Texts"),
            "texts.sealed": Text("加密保存", "Kept encrypted"),
            "texts.closed": Text(
                "内容只对处理人员和登记人开放。", "Open to who handles complaints and who took this one."
            ),
            "read": Text("查看", "Read"),
            "read.why": Text("查看会记入审计：谁、何时、为何。", "Each reading is audited: who, when and why."),
            "purpose": Text("用途", "Purpose"),
            "purpose.note": Text("说明（可选）", "Note (optional)"),
            "files": Text("附件", "Files"),
            "files.none": Text("没有附件", "No files"),
            "files.add": Text("上传", "Upload"),
            "files.help": Text("最大 {most} MB：{endings}", "At most {most} MB: {endings}"),
            "files.choose": Text("选择文件", "Choose a file"),
            "do": Text("处理", "What to do"),
            "do.nothing": Text("您没有处理投诉的权限。", "Handling complaints is not among your rights."),
            "do.accept": Text("受理", "Accept"),
            "do.assign": Text("指派经办人", "Name a handler"),
            "do.name": Text("登记被投诉人（登录名）", "Person complained about (log-in name)"),
            "do.name.submit": Text("登记", "Save"),
            "do.extend": Text("延长期限", "Extend the time"),
            "do.special": Text(
                "再延 30 日须经他人批准：请提交审批。", "30 days more take another person's approval: ask for it."
            ),
            "do.ask": Text("提交审批", "Ask for approval"),
            "do.answer": Text("答复客户", "Answer the customer"),
            "do.answer.text": Text("答复内容", "What was told"),
            "do.answer.outcome": Text("结论", "Outcome"),
            "do.close": Text("结案", "Close"),
            "do.withdrawn": Text("客户撤回，结案", "Withdrawn, close"),
            "do.review": Text("客户申请核查", "The customer asks for a review"),
            "do.review.text": Text("核查申请内容", "What the customer says"),
        },
    )
)
def complaint(request: HttpRequest, actor: Actor, complaint_id: str) -> dict[str, Any]:
    return _values(actor, complaint_id)


def _values(actor: Actor, complaint_id: str) -> dict[str, Any]:
    found = queries.complaint_get(actor, complaint_id)
    row = found.row
    return {
        "found": found,
        "row": row,
        **words(row),
        **told(found),
        **doing(actor, row),
        "files": panel(lambda: filed.file_list(actor, "complaint", complaint_id)) if found.may_read else None,
        "endings": " ".join(kinds.ENDINGS),
        "most": limits.FILE_BYTES // 2**20,
        "longest": LONGEST,
        "purposes": _PURPOSES.items(),
    }


@complaint.part("accept", "accept/", method="POST", permission="handle_complaint")
def accept(request: HttpRequest, actor: Actor, complaint_id: str) -> HttpResponse:
    return _act(request, actor, complaint_id, lambda: actions.complaint_accept(actor, complaint_id=complaint_id))


@complaint.part("assign", "assign/", method="POST", permission="handle_complaint")
def assign(request: HttpRequest, actor: Actor, complaint_id: str) -> HttpResponse:
    handler = request.POST.get("handler", "")
    return _act(
        request, actor, complaint_id,
        lambda: actions.complaint_assign(actor, complaint_id=complaint_id, handler=handler),
    )  # fmt: skip


@complaint.part("name", "name/", method="POST", permission="handle_complaint")
def name(request: HttpRequest, actor: Actor, complaint_id: str) -> HttpResponse:
    about = request.POST.get("about", "").strip()[:64]
    return _act(
        request, actor, complaint_id, lambda: actions.complaint_name(actor, complaint_id=complaint_id, about=about)
    )  # fmt: skip


@complaint.part("extend", "extend/", method="POST", permission="handle_complaint")
def extend(request: HttpRequest, actor: Actor, complaint_id: str) -> HttpResponse:
    kind = request.POST.get("clock", "")
    return _act(
        request, actor, complaint_id, lambda: actions.complaint_extend(actor, complaint_id=complaint_id, days_kind=kind)
    )  # fmt: skip


@complaint.part("answer", "answer/", method="POST", permission="handle_complaint")
def answer(request: HttpRequest, actor: Actor, complaint_id: str) -> HttpResponse:
    outcome, text = request.POST.get("outcome", ""), request.POST.get("text", "")
    return _act(
        request, actor, complaint_id,
        lambda: actions.complaint_answer(actor, complaint_id=complaint_id, outcome=outcome, text=text),
    )  # fmt: skip


@complaint.part("close", "close/", method="POST", permission="handle_complaint")
def close(request: HttpRequest, actor: Actor, complaint_id: str) -> HttpResponse:
    withdrawn = request.POST.get("withdrawn") == "1"
    return _act(
        request, actor, complaint_id,
        lambda: actions.complaint_close(actor, complaint_id=complaint_id, withdrawn=withdrawn),
    )  # fmt: skip


@complaint.part("review", "review/", method="POST", permission="take_complaint")
def review(request: HttpRequest, actor: Actor, complaint_id: str) -> HttpResponse:
    text = request.POST.get("text", "")
    return _act(
        request, actor, complaint_id, lambda: actions.complaint_review(actor, complaint_id=complaint_id, text=text)
    )  # fmt: skip


@complaint.part("attach", "attach/", method="POST", permission="keep_file")
def attach(request: HttpRequest, actor: Actor, complaint_id: str) -> HttpResponse:
    """Keeps one file with the complaint. One over the limit is never taken in (settings), and so is missing here."""

    def keep() -> None:
        given = request.FILES.get("file")
        if given is None or given.name is None:
            most = limits.FILE_BYTES // 2**20
            raise BadInput(Text(f"没有收到文件，或文件超过 {most} MB。", f"No file came, or it is over {most} MB."))
        files.file_keep(actor, content=given.chunks(), name=given.name, owner_type="complaint", owner_id=complaint_id)

    return _act(request, actor, complaint_id, keep, moves=False)


@complaint.part("read", "read/", method="POST")
def read(request: HttpRequest, actor: Actor, complaint_id: str) -> HttpResponse:
    """One text in clear, for a purpose; the action writes the audit entry."""
    purpose, said = request.POST.get("purpose", ""), request.POST.get("note", "").strip()[:200]
    values: dict[str, Any] = {"text_id": request.POST.get("text", ""), "complaint_id": complaint_id}
    try:
        queries.complaint_get(actor, complaint_id)
        if purpose not in _PURPOSES or (purpose == "other" and not said):
            raise BadInput(Text("请说明用途。", "Say what it is for."))
        text_id = whole_number(values["text_id"])
        values["clear"] = actions.complaint_read(
            actor, complaint_id=complaint_id, text_id=text_id or 0,
            purpose=f"{purpose}: {said}" if said else purpose,
        )  # fmt: skip
    except ZhikeError as fault:
        return show(request, actor, complaint, values, fault, "clear")
    return show(request, actor, complaint, values, piece="clear")


def _act(
    request: HttpRequest, actor: Actor, complaint_id: str, act: Callable[[], None], moves: bool = True
) -> HttpResponse:
    """Does it where the complaint still stands as the reader saw it; a fault is told on the page."""
    found = queries.complaint_get(actor, complaint_id)
    try:
        if moves and request.POST.get("seen") != found.row.state:
            raise Conflict(
                Text(
                    "投诉状态已变，操作未生效。请看最新情况后再试。",
                    "The complaint has moved on and nothing was done: look at how it stands now.",
                )
            )
        act()
    except (BadInput, Conflict, Forbidden) as fault:
        return show(request, actor, complaint, _values(actor, complaint_id), fault)
    return redirect("complaint", complaint_id=complaint_id)
