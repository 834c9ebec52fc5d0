"""The audit log: who did what, on whom, when and why; and whether it is sealed."""

from dataclasses import replace
from datetime import MAXYEAR, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpRequest, QueryDict

from zhike.core.actor import Actor
from zhike.core.clock import now, parse_date
from zhike.core.errors import BadInput
from zhike.core.settings import settings
from zhike.core.text import Text
from zhike.interfaces.console import formatting
from zhike.interfaces.console.panel import Panel, panel
from zhike.interfaces.console.registry import Page, pages
from zhike.interfaces.input import whole_number
from zhike.operations.governance.audit.finding import MOST_WITHOUT_APPROVAL, Entry, Wanted, audit_get, audit_list
from zhike.operations.governance.audit.verify import audit_checked, audit_tail

_ROWS = 50
_OUTCOMES = ("done", "started", "finished", "failed", "refused")
_FIELDS = ("actor", "object", "action", "outcome", "since", "until")
_LONGEST = 128
_SEALED_WITHIN_SECONDS = 10.0


@pages.register(
    Page(
        name="audit",
        path="audit/",
        title=Text("审计", "Audit"),
        meaning=Text("谁在何时对谁做了什么、为何", "Who did what, on whom, when and why"),
        icon="shield-check",
        permission="view_audit",
        menu=80,
        texts={
            "sealed": Text("已全部封存", "All sealed"),
            "unsealed": Text("{count} 条待封存，最早 {age}前", "{count} wait to be sealed, the oldest for {age}"),
            "late": Text("封存停滞", "Sealing has stopped"),
            "last_seal": Text("最近封存 {at}", "Last seal {at}"),
            "never_sealed": Text("尚未封存", "Never sealed"),
            "whole": Text("日志完整", "The log is whole"),
            "changed": Text("日志被改动：{count} 处", "The log was changed: {count} faults"),
            "checked": Text("核验于 {at}，共 {count} 条", "verified {at}, {count} entries"),
            "unchecked": Text("尚未核验，每夜自动进行", "Not verified yet: it is done every night"),
            "find": Text("查找", "Find"),
            "actor": Text("执行人", "Who"),
            "object": Text("对象", "On what or whom"),
            "object.example": Text("例如客户编号", "Such as a customer id"),
            "action": Text("操作", "Action"),
            "action.example": Text("例如 identity.reveal", "For example identity.reveal"),
            "outcome": Text("结果", "Outcome"),
            "outcome.any": Text("不限", "Any"),
            "outcome.done": Text("完成", "Done"),
            "outcome.started": Text("开始", "Started"),
            "outcome.finished": Text("结束", "Finished"),
            "outcome.failed": Text("失败", "Failed"),
            "outcome.refused": Text("拒绝", "Refused"),
            "since": Text("起始日", "From"),
            "until": Text("截止日", "Through"),
            "apply": Text("查询", "Apply"),
            "clear": Text("清除条件", "Clear"),
            "entries": Text("记录", "Entries"),
            "number": Text("编号", "Number"),
            "at": Text("时间", "When"),
            "who": Text("执行人", "Who"),
            "what": Text("操作", "What"),
            "on": Text("对象", "On"),
            "why": Text("用途", "Why"),
            "for": Text("代表 {name}", "for {name}"),
            "none": Text("没有符合条件的记录", "No entry meets these conditions"),
            "none.help": Text("放宽条件后再查。", "Loosen the conditions."),
            "next": Text("更早", "Earlier"),
            "first": Text("回到最新", "Newest"),
            "entry": Text("审计记录", "Entry"),
            "close": Text("关闭", "Close"),
            "place": Text("封存位置", "Place in the chain"),
            "place.none": Text("待封存", "Waits to be sealed"),
            "kind.staff": Text("员工", "Staff"),
            "kind.key": Text("接口密钥", "API key"),
            "kind.job": Text("后台任务", "Job"),
            "kind.cardholder": Text("持卡人", "Cardholder"),
            "kind.assistant": Text("助手", "Assistant"),
            "detail": Text("明细", "Detail"),
            "detail.none": Text("无", "None"),
            "export": Text("导出（带签名）", "Export, signed"),
            "export.help": Text(
                "在服务器上运行，导出本页条件下的全部记录：",
                "Run this on the server for all entries of these conditions:",
            ),
        },
    )
)
def audit(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    given = {name: request.GET.get(name, "").strip()[:_LONGEST] for name in _FIELDS}
    before = whole_number(request.GET.get("before", ""))
    found = panel(lambda: audit_list(actor, replace(_wanted(given), before=before), _ROWS))
    rows: list[Entry] = found.value or []
    return {
        "given": given,
        "outcomes": _OUTCOMES,
        "found": found,
        "rows": [
            (row, _address(given, before=before, entry=row.id), _address({"actor": row.actor_name})) for row in rows
        ],
        "following": _address(given, before=rows[-1].id) if len(rows) == _ROWS else "",
        "first": _address(given) if before else "",
        "filtered": any(given.values()),
        "chosen": _chosen(actor, request.GET),
        "close": _address(given, before=before),
        "command": _command(given),
        "most": MOST_WITHOUT_APPROVAL,
        **_standing(actor),
    }


def _standing(actor: Actor) -> dict[str, Any]:
    tail, checked = audit_tail(actor), audit_checked(actor)
    return {
        "tail": tail,
        "late": tail.oldest_seconds > _SEALED_WITHIN_SECONDS,
        "oldest": formatting.age(tail.oldest_seconds, actor.locale),
        "checked": checked,
    }


def _chosen(actor: Actor, given: QueryDict) -> Panel | None:
    entry_id = whole_number(given.get("entry", ""))

    def read() -> dict[str, Any]:
        entry, place = audit_get(actor, entry_id or 0)
        return {"entry": entry, "place": place, "detail": sorted(entry.detail.items())}

    return panel(read) if entry_id is not None else None


def _wanted(given: dict[str, str]) -> Wanted:
    """Raises BadInput for a day that is none."""
    since, until = (_midnight(given[name], name) for name in ("since", "until"))
    return Wanted(
        given["actor"] or None, given["action"] or None, given["object"] or None, since,
        _day_after(until) if until else None, outcome=given["outcome"] or None,
    )  # fmt: skip


def _midnight(day: str, name: str) -> datetime | None:
    if not day:
        return None
    found = parse_date(day, name)
    return datetime(found.year, found.month, found.day, tzinfo=ZoneInfo(settings().zone))


def _day_after(day: datetime) -> datetime:
    """The last day of the calendar has none: nothing comes after it either."""
    return day + timedelta(days=1) if day.year < MAXYEAR else day


def _command(given: dict[str, str]) -> str:
    """``zhike audit export`` with the page's conditions; a value that a shell would read is quoted away."""
    until = _wanted(given | {"since": ""}).until if _is_day(given["until"]) else None
    given = given | {"until": until.date().isoformat() if until else ""}
    chosen = [f"--{name} '{value}'" for name, value in given.items() if value and "'" not in value]
    return " ".join(["zhike audit export", *chosen, f"audit-{now():%Y%m%d}.jsonl"])


def _is_day(text: str) -> bool:
    try:
        parse_date(text)
    except BadInput:
        return False
    return True


def _address(given: dict[str, str], before: int | None = None, entry: int | None = None) -> str:
    places: list[tuple[str, str | int | None]] = [*given.items(), ("before", before), ("entry", entry)]
    return "?" + urlencode([(name, value) for name, value in places if value])
