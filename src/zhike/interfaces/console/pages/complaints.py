"""Complaints: what is open, by the day it is due; filters as chips with their counts."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from zhike.core.actor import Actor
from zhike.core.errors import BadInput
from zhike.core.text import Text
from zhike.interfaces.console.complaining import words
from zhike.interfaces.console.panel import panel
from zhike.interfaces.console.registry import Page, pages
from zhike.operations.governance.vault import party_of
from zhike.operations.service import queries

_ROWS = 50
_CHIPS: dict[str, Text] = {
    "open": Text("未结案", "Open"),
    "mine": Text("由我处理", "Mine"),
    "due_soon": Text("即将到期", "Due soon"),
    "overdue": Text("已逾期", "Overdue"),
    "regulator": Text("监管转办", "From the regulator"),
    "all": Text("全部", "All"),
}


@pages.register(
    Page(
        name="complaints",
        path="complaints/",
        title=Text("投诉", "Complaints"),
        meaning=Text("投诉登记簿：时限、经办人与进展", "The complaint register: clock, handler and progress"),
        icon="message-square",
        permission="view_complaint",
        menu=35,
        texts={
            "filters": Text("筛选", "Filters"),
            "list": Text("投诉清单", "Complaints"),
            "take": Text("登记投诉", "Take a complaint"),
            "number": Text("编号", "Number"),
            "due": Text("期限", "Due"),
            "cause": Text("原因", "Cause"),
            "state": Text("状态", "State"),
            "channel": Text("渠道", "Channel"),
            "handler": Text("经办人", "Handler"),
            "customer": Text("客户", "Customer"),
            "stranger": Text("未识别客户", "Not a known customer"),
            "regulator": Text("监管转办", "Regulator"),
            "of_customer": Text("仅看此客户", "This customer only"),
            "next": Text("下一页", "Next page"),
            "none": Text("没有符合条件的投诉", "No complaint here"),
            "none.help": Text("换一个筛选条件看看。", "Try another filter."),
            "left": Text("剩 {days} 天", "{days} days left"),
            "left.today": Text("今天到期", "Due today"),
            "late": Text("逾期 {days} 天", "{days} days overdue"),
        },
    )
)
def complaints(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    which = request.GET.get("which", "open")
    if which not in queries.FILTERS:
        raise BadInput(Text("没有这个筛选条件。", "There is no such filter."))
    customer = str(party_of(request.GET["customer"])) if request.GET.get("customer") else ""
    after = request.GET.get("after") or None
    found = panel(lambda: queries.complaint_list(actor, which, _ROWS, after, customer or None))
    counts = found.value.counts if found.value else {}
    return {
        "found": found,
        "customer": customer,
        "chips": [
            {"title": title, "count": counts.get(name), "address": _address(name, customer), "chosen": name == which}
            for name, title in _CHIPS.items()
        ],
        "rows": [{"row": row, **words(row)} for row in found.value.rows] if found.value else [],
        "following": _address(which, customer, found.value.after) if found.value and found.value.after else "",
    }


def _address(which: str, customer: str, after: str = "") -> str:
    places = [("which", which), ("customer", customer), ("after", after)]
    return "?" + urlencode([(name, value) for name, value in places if value])
