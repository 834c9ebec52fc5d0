"""Finding one person by something they can tell: a number, a phone, a card's last four digits, a name."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from zhike.core.actor import Actor
from zhike.core.text import Text
from zhike.interfaces.console.codes import value_title
from zhike.interfaces.console.registry import Page, pages
from zhike.operations.customers import queries


@pages.register(
    Page(
        name="search",
        path="search/",
        title=Text("查找客户", "Find a customer"),
        meaning=Text("按客户号、手机号、卡末四位或姓名查找", "By customer number, phone, card last four or name"),
        icon="search",
        permission="search_customer",
        menu=15,
        methods=("GET", "POST"),
        texts={
            "submit": Text("查找", "Find"),
            "found": Text("查找结果", "Results"),
            "none": Text("没有找到这位客户", "No such customer"),
            "none.help": Text(
                "查找按相等进行：请输入完整的客户号、手机号、姓名，或卡号末四位。",
                "Search is by equality: enter the whole customer number, phone or name, or a card's last four digits.",
            ),
            "customer": Text("客户", "Customer"),
            "name": Text("姓名", "Name"),
            "matched": Text("匹配项", "Matched on"),
            "tier": Text("价值层级", "Value tier"),
            "stage": Text("生命周期", "Life-cycle stage"),
        },
    )
)
def search(request: HttpRequest, actor: Actor) -> dict[str, Any] | HttpResponse:
    """By POST only: what is typed is personal and must stay out of addresses and logs."""
    if request.method == "GET":
        return {"people": None}
    found = queries.customer_search(actor, request.POST.get("text", "").strip())
    if len(found) == 1:
        return redirect("customer", found[0].customer_id)
    return {
        "people": [(one, value_title("tier", one.tier or ""), value_title("stage", one.stage or "")) for one in found]
    }
