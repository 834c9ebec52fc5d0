"""Faults as people see them: what, where, what to do; a page for a page, a notice for a piece of one."""

import logging

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zhike.core.errors import ZhikeError
from zhike.interfaces.console.language import locale
from zhike.interfaces.console.registry import Page
from zhike.interfaces.console.texts import said
from zhike.operations.governance.masking import mask_text

log = logging.getLogger(__name__)
_ICONS = {403: "lock", 404: "search", 503: "database"}


def answer(request: HttpRequest, fault: ZhikeError, page: Page | None = None) -> HttpResponse:
    """An expected fault, with its own status."""
    return _show(request, fault.status, fault.in_(locale()) if fault.status in (400, 404, 409, 429, 503) else "", page)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  # as Django calls it
    return _show(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  # as Django calls it
    return _show(request, 404)


def broken(request: HttpRequest) -> HttpResponse:
    return _show(request, 500)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form older than its session (CSRF): nothing was done."""
    log.warning("form refused: %s", reason)
    return _show(request, 403, said("fault.stale"))


def _show(request: HttpRequest, status: int, message: str = "", page: Page | None = None) -> HttpResponse:
    known = status if status in (400, 403, 404, 409, 429, 503) else 500
    values = {
        "title_key": f"fault.{known}",
        "message": mask_text(message) or said(f"fault.{known}.help"),
        "fault_icon": _ICONS.get(known, "circle-alert"),
        "page": page,
    }
    piece = bool(request.headers.get("HX-Request"))
    inside = getattr(request, "user", None) is not None and request.user.is_authenticated
    whole = "console/fault.html" if inside else "console/fault_outside.html"
    return render(request, "console/fault.html#notice" if piece else whole, values, status=status)
