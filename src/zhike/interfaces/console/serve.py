"""From registered pages to Django addresses: permission, rendering and faults, the same for every page."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods

from zhike.core.actor import Actor
from zhike.core.errors import Forbidden, ZhikeError
from zhike.interfaces.console import faults
from zhike.interfaces.console.acting import acting
from zhike.interfaces.console.registry import Method, Page, View, pages
from zhike.operations.customers.reading import at_one_publication


def page_urls() -> list[URLPattern]:
    """One address per page, named as the page; one per part, named ``<page>_<part>``."""
    urls = []
    for entry in pages:
        if entry.view is None:
            raise ValueError(f"page {entry.name!r} ({pages.where(entry.name)}) decorates no view")
        template = f"pages/{entry.name}.html"
        view = _serve(entry, entry.view, template, entry.permission, entry.methods)
        urls.append(path(entry.path, view, name=entry.name))
        for part in entry.parts:
            view = _serve(entry, part.view, f"{template}#{part.name}", part.permission, (part.method,))
            urls.append(path(part.path, view, name=f"{entry.name}_{part.name}"))
    return urls


def _serve(
    entry: Page, view: View, template: str, permission: str, methods: tuple[Method, ...]
) -> Callable[..., HttpResponse]:
    def answer(request: HttpRequest, **parameters: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return to_login(request)
        actor = acting(request)
        try:
            actor.require(permission)
            _require_staff(actor, permission)
            with at_one_publication():
                values = view(request, actor, **parameters)
        except ZhikeError as fault:
            return faults.answer(request, fault, entry)
        if isinstance(values, HttpResponseBase):
            return values
        return render(request, template, {"page": entry, "actor": actor, **values})

    return require_http_methods([*methods, "HEAD"] if "GET" in methods else methods)(answer)


def _require_staff(actor: Actor, permission: str) -> None:
    """The pages here are for who works here; a cardholder has those of their own log-in, and the API."""
    if actor.kind == "cardholder" and permission != "manage_own_account":
        raise Forbidden


def to_login(request: HttpRequest) -> HttpResponse:
    """To where one logs in, and back."""
    if request.headers.get("HX-Request"):
        # A piece of a page cannot become a log-in form: the browser goes there as a whole.
        return HttpResponse(status=204, headers={"HX-Redirect": redirect_to_login(_back(request)).url})
    return redirect_to_login(_back(request))


def _back(request: HttpRequest) -> str:
    return request.get_full_path() if request.method == "GET" and not request.headers.get("HX-Request") else "/"
