"""A page or a piece of it as the answer to a form: with what is wrong, or with what is shown this once."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zhike.core.actor import Actor
from zhike.core.errors import ZhikeError
from zhike.interfaces.console.registry import Page


def show(
    request: HttpRequest,
    actor: Actor,
    page: Page,
    values: Mapping[str, Any],
    fault: ZhikeError | None = None,
    piece: str = "",
) -> HttpResponse:
    """``values`` as the page's view gives them; ``piece`` names a partial of its template. A fault gives the status."""
    told = {"fault": fault.in_(actor.locale)} if fault is not None else {}
    template = f"pages/{page.name}.html" + (f"#{piece}" if piece else "")
    status = fault.status if fault is not None else 200
    return render(request, template, {"page": page, "actor": actor, **values, **told}, status=status)
