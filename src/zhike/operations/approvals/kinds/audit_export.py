"""Taking many audit entries out of the system."""

from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from zhike.core.actor import Actor
from zhike.core.errors import BadInput
from zhike.core.settings import settings
from zhike.core.text import Text
from zhike.core.workspace import workspace
from zhike.operations.approvals.effect import Count, Effect
from zhike.operations.approvals.kind import Approved, Kind, kinds
from zhike.operations.approvals.payload import asked
from zhike.operations.governance.audit import finding
from zhike.operations.governance.audit.finding import Wanted
from zhike.operations.governance.belonging import today


@dataclass(frozen=True)
class AuditExport:
    """Which entries leave; what is not given is not asked for."""

    by: str = asked(Text("操作人", "By whom"), most=128, optional=True)
    did: str = asked(Text("动作", "Action"), most=64, optional=True)
    on: str = asked(Text("对象编号", "Object id"), most=128, optional=True)
    until: date = asked(  # noqa: RUF009  # gives a field
        Text("截止日（不含）", "Until, this day excluded"),
        hint=Text("不晚于今天：导出的记录不再增加", "Today at the latest: what leaves does not grow any more"),
    )
    since: date | None = asked(Text("起始日（含）", "From, this day included"), optional=True)  # noqa: RUF009  # likewise


def _wanted(asked_for: AuditExport) -> Wanted:
    if asked_for.until > today():
        raise BadInput(Text("截止日不得晚于今天。", "The day it ends with is today at the latest."))
    zone = ZoneInfo(settings().zone)
    since, until = (datetime.combine(day, time(), zone) if day else None for day in (asked_for.since, asked_for.until))
    return Wanted(asked_for.by or None, asked_for.did or None, asked_for.on or None, since, until)


def _effect(actor: Actor, asked_for: AuditExport) -> Effect:
    found = finding.audit_count(actor, _wanted(asked_for))
    if not found.entries:
        raise BadInput(Text("没有符合条件的审计记录。", "There is no such audit entry."))
    counts = (
        Count("entries", Text("审计记录", "Audit entries"), found.entries),
        Count("people", Text("涉及的操作人", "People who acted"), found.actors),
        Count("customers", Text("涉及的客户", "Customers named by id"), found.customers),
    )
    leaves = Text(
        "将导出 {entries} 条审计记录，涉及 {people} 位操作人和 {customers} 位客户（以编号表示）。",
        "{entries} audit entries leave: of {people} people who acted, on {customers} customers by their ids.",
    )
    return Effect(counts, (leaves,))


def _product(request_id: int) -> tuple[Path, ...]:
    path = workspace().home / "exports" / f"audit-request-{request_id}.jsonl"
    return path, Path(f"{path}.sig")


def _apply(actor: Actor, asked_for: AuditExport, approved: Approved) -> None:
    path, _signature = _product(approved.request_id)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    # Only a run that was rolled back can have left one: a request is applied once.
    path.unlink(missing_ok=True)
    finding.audit_export(actor, wanted=_wanted(asked_for), path=path)


AUDIT_EXPORT = kinds.register(
    Kind(
        name="audit_export",
        title=Text("审计记录导出", "Audit export"),
        meaning=Text(
            "把审计记录带出系统；签字后由申请人下载，附签名",
            "Takes audit entries out of the system: who asked downloads them once it is signed, with their signature",
        ),
        payload=AuditExport,
        ask="export_audit",
        sign="export_audit",
        effect=_effect,
        apply=_apply,
        tolerance=0.1,
        product=_product,
    )
)
