"""Customers: a segment, counted and listed from one snapshot."""

from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from zhike.core.actor import Actor
from zhike.core.errors import BadInput
from zhike.core.text import Text
from zhike.core.workspace import workspace
from zhike.data.features import features
from zhike.data.segments import classifications, named_segments
from zhike.interfaces.console.codes import column_title, column_unit, shown_value
from zhike.interfaces.console.expression_fault import expression_fault
from zhike.interfaces.console.panel import panel
from zhike.interfaces.console.registry import Page, pages
from zhike.operations.customers import queries

_ROWS = 50
_COLUMNS = ("tier", "stage", "spend_90d_cents", "days_since_last_use", "contribution_12m_cents")
_UNSHOWN = {"birth_date"}
_ALL = Text("全部客户", "All customers")
_EVERYBODY = "customer_since is null or customer_since is not null"


@pages.register(
    Page(
        name="customers",
        path="customers/",
        title=Text("客群与名单", "Segments"),
        meaning=Text("按客群圈选客户", "Select customers by segment"),
        icon="users",
        permission="list_segment",
        menu=20,
        texts={
            "segments": Text("客群", "Segments"),
            "expression": Text("条件表达式", "Condition"),
            "expression.help": Text(
                "列名与数值、文字或日期比较，可用 and、or、not、in、between、is null 和括号；金额以分为单位。",
                "Compare columns with numbers, texts or dates; and, or, not, in, between, is null, parentheses."
                " Amounts in minor units.",
            ),
            "expression.example": Text(
                "例如 stage = 'slipping' and spend_90d_cents > 100000",
                "For example stage = 'slipping' and spend_90d_cents > 100000",
            ),
            "columns": Text("可用列", "Columns"),
            "faulty": Text("条件有误", "The condition cannot be read"),
            "faulty_at": Text("条件有误：第 {position} 个字符", "The condition has a fault at character {position}"),
            "apply": Text("查询", "Apply"),
            "found": Text("客户", "customers"),
            "of_snapshot": Text("截至 {day} · 数据版本 {id}", "as of {day} · snapshot {id}"),
            "list": Text("客户名单", "Customers"),
            "customer": Text("客户", "Customer"),
            "next": Text("下一页", "Next page"),
            "first": Text("回到首页", "First page"),
            "keys": Text("j / k 移动，Enter 打开", "j / k to move, Enter to open"),
            "none": Text("没有符合条件的客户", "No customer meets this condition"),
            "none.help": Text("放宽条件，或选择其他客群。", "Loosen the condition or choose another segment."),
        },
    )
)
def customers(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    expression = request.GET.get("expression", "").strip()
    columns = tuple(name for name in request.GET.getlist("column") if name in _choice())
    fault, found = None, None
    try:
        found = panel(
            lambda: queries.segment_page(
                actor, expression or _EVERYBODY, _ROWS, request.GET.get("after"), columns=columns or _COLUMNS
            ),
            but=BadInput,
        )
    except BadInput as wrong:
        fault = expression_fault(expression, wrong, actor.locale)
    page, currency = found.value if found else None, workspace().currency
    return {
        "expression": expression,
        "fault": fault,
        "found": found,
        "chips": _chips(expression, columns),
        "choice": [(name, title, name in (columns or _COLUMNS)) for name, title in _choice().items()],
        "columns": [(name, column_title(name), _is_number(name)) for name in page.columns[1:]] if page else [],
        "rows": [_row(row, page.columns[1:], currency, actor) for row in page.rows] if page else [],
        "following": _address(expression, columns, page.after) if page and page.after else "",
        "first": _address(expression, columns) if request.GET.get("after") else "",
    }


@customers.part("count", "count/", permission="count_segment")
def count(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    """How many a condition selects, while it is being written."""
    expression = request.GET.get("expression", "").strip()
    try:
        return {"counted": queries.segment_count(actor, expression or _EVERYBODY)}
    except BadInput as wrong:
        return {"fault": expression_fault(expression, wrong, actor.locale)}


def _chips(expression: str, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    """The named segments, and everybody, as links; the one in force is marked."""
    named = [(segment.title, segment.meaning, f"segment('{segment.name}')") for segment in named_segments()]
    return [
        {"title": title, "meaning": meaning, "address": _address(text, columns), "chosen": expression == text}
        for title, meaning, text in ((_ALL, _ALL, ""), *named)
    ]


def _address(expression: str, columns: tuple[str, ...], after: str = "") -> str:
    places = [("expression", expression), *(("column", name) for name in columns), ("after", after)]
    return "?" + urlencode([(name, value) for name, value in places if value])


@cache
def _choice() -> dict[str, Text]:
    """Every column that a list may show, by name."""
    return {
        name: column_title(name)
        for name in (*(each.name for each in classifications()), *features.all())
        if name not in _UNSHOWN
    }


def _is_number(column: str) -> bool:
    return column_unit(column) not in ("", "date")


def _row(row: dict[str, Any], columns: tuple[str, ...], currency: str | None, actor: Actor) -> dict[str, Any]:
    cells = [(shown_value(name, row.get(name), currency, actor.locale), _is_number(name)) for name in columns]
    return {"customer_id": row["customer_id"], "cells": cells}
