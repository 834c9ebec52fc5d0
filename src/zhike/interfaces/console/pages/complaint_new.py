"""The intake form of a complaint: from a customer's page, or alone."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from zhike.core.actor import Actor
from zhike.core.clock import now
from zhike.core.errors import BadInput
from zhike.core.settings import settings
from zhike.core.text import Text
from zhike.interfaces.console.registry import Page, pages
from zhike.interfaces.console.showing import show
from zhike.operations.service import actions, codes
from zhike.operations.service import queries as service
from zhike.operations.service.texts import LONGEST

_FIELDS = ("customer", "channel", "cause", "severity", "received_at", "about", "text")


@pages.register(
    Page(
        name="complaint_new",
        path="new-complaint/",
        title=Text("登记投诉", "Take a complaint"),
        meaning=Text("收下一件投诉，时限即刻起算", "Take a complaint in; its clock starts at once"),
        icon="message-square",
        permission="take_complaint",
        under="complaints",
        methods=("GET", "POST"),
        texts={
            "form": Text("投诉登记", "Intake"),
            "form.help": Text(
                "请勿要求客户提供本行已有的材料。登记后时限即刻起算，并暂停对该客户的营销。",
                "Never ask for papers the bank holds. The clock starts at once, and selling to this customer stops.",
            ),
            "customer": Text("客户编号（未识别客户可留空）", "Customer id (empty when not a known customer)"),
            "channel": Text("渠道", "Channel"),
            "cause": Text("原因", "Cause"),
            "severity": Text("程度", "Severity"),
            "received": Text("收到时间（留空为现在）", "Received at (now when empty)"),
            "regulator": Text("由监管机构转来", "Forwarded by the regulator"),
            "about": Text("被投诉员工的登录名（如已知）", "Log-in name of the person complained about, if known"),
            "about.help": Text(
                "被投诉人看不到此投诉，也不能处理。", "The person complained about neither sees nor handles it."
            ),
            "text": Text("投诉内容", "What is complained of"),
            "text.help": Text(
                "最多 {most} 字，加密保存；查看须说明用途并记入审计。",
                "At most {most} characters, kept encrypted; reading it takes a purpose and is audited.",
            ),
            "submit": Text("登记", "Take it in"),
            "cancel": Text("取消", "Cancel"),
        },
    )
)
def complaint_new(request: HttpRequest, actor: Actor) -> dict[str, Any] | HttpResponse:
    if request.method != "POST":
        customer = request.GET.get("customer", "").strip()
        if customer:
            service.complaint_may_take(actor, customer)
        return _form({"customer": customer, "channel": "phone", "cause": "", "severity": "ordinary"}, actor)
    given = {name: request.POST.get(name, "").strip() for name in _FIELDS}
    by_regulator = request.POST.get("by_regulator") == "1"
    try:
        complaint_id = actions.complaint_take(
            actor, customer_id=given["customer"] or None, channel=given["channel"], cause=given["cause"],
            severity=given["severity"], text=given["text"], by_regulator=by_regulator,
            received_at=_moment(given["received_at"]), about=given["about"] or None,
        )  # fmt: skip
    except BadInput as wrong:
        return show(request, actor, complaint_new, _form({**given, "by_regulator": by_regulator}, actor), wrong)
    return redirect("complaint", complaint_id=complaint_id)


def _form(given: dict[str, Any], actor: Actor) -> dict[str, Any]:
    return {
        "given": given,
        "channels": codes.CHANNELS.items(),
        "causes": codes.CAUSES.items(),
        "severities": codes.SEVERITIES.items(),
        "latest": f"{now().astimezone(ZoneInfo(settings().zone)):%Y-%m-%dT%H:%M}",
        "most": LONGEST,
    }


def _moment(text: str) -> datetime | None:
    """A time of the bank's zone, as a browser gives it."""
    if not text:
        return None
    try:
        return datetime.fromisoformat(text[:16]).replace(tzinfo=ZoneInfo(settings().zone))
    except (ValueError, OverflowError):
        raise BadInput(
            Text("收到时间写作 2026-06-30T09:00。", "Write the time of receipt as 2026-06-30T09:00.")
        ) from None
