"""Logs: one JSON line each, with fields from an allow-list, so that a personal value cannot get in by a new field.

What libraries log keeps its level, logger and text only where the text is a fixed one; arguments are not filled in,
because a library may put an address, a form value or a row there.
"""

import logging
import sys
from collections.abc import Mapping
from typing import Any

import structlog

from zhike.operations.governance.masking import mask_text

FIELDS = frozenset(
    {
        "event", "level", "timestamp", "logger", "actor", "action", "job", "snapshot", "fresh", "files", "snapshots",
        "rows", "seconds", "route", "method", "status", "code", "reason", "exception",
    }
)  # fmt: skip


def configure(_config: Mapping[str, Any] | None = None) -> None:
    """Sets up structlog and the standard library's logging to one stream: standard error."""
    shared = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_without_arguments)
    rendered = structlog.processors.JSONRenderer(ensure_ascii=False)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processors=[_what_was_asked, _where_it_broke, allowed, without_numbers, rendered]
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("zhike").setLevel(logging.INFO)
    logging.getLogger("django").handlers = []  # Django's own would write a second line, with the address in it


def allowed(_logger: Any, _method: str, event: Mapping[str, Any]) -> dict[str, Any]:
    """Only fields of the list; of others only how many there were."""
    kept = {name: value for name, value in event.items() if name in FIELDS}
    dropped = len([name for name in event if name not in FIELDS and not name.startswith("_")])
    return {**kept, "dropped_fields": dropped} if dropped else kept


def without_numbers(_logger: Any, _method: str, event: Mapping[str, Any]) -> dict[str, Any]:
    """What looks like a phone, a document, a card or an address for mail is masked in allowed fields too."""
    return {name: _bare(value) for name, value in event.items()}


def _bare(value: Any) -> Any:
    """A number is looked at as it would be written; what is neither text nor number, by its text."""
    if value is None or isinstance(value, bool | float):
        return value
    text = str(value)
    masked = mask_text(text)
    return masked if masked != text or not isinstance(value, int) else value


def _without_arguments(record: logging.LogRecord) -> bool:
    """A library's text stays as it was written in its code."""
    if not record.name.startswith("zhike"):
        record.args = ()
        record.msg = str(record.msg)
    return True


def _what_was_asked(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Of a web request its method, route and status; never the address, which holds ids and what was typed."""
    record = event.get("_record")
    request = getattr(record, "request", None)
    if request is not None:
        match = getattr(request, "resolver_match", None)
        event["method"], event["route"] = getattr(request, "method", None), match.route if match else "none"
        event["status"] = getattr(record, "status_code", None)
    return event


def _where_it_broke(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Of an exception its class and place; its message may quote a value."""
    fault = event.pop("exc_info", None)
    if fault is True:
        fault = sys.exc_info()
    if fault:
        kind, _, trace = fault if isinstance(fault, tuple) else (type(fault), fault, fault.__traceback__)
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "unknown"
        event["exception"] = f"{getattr(kind, '__name__', kind)} at {place}"
    return event
