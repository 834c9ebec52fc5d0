"""Who may knock at which door: a row for every address. A page brings its own, by its decorator; the rest stand here.

A route without a row fails the build (tests/trust/test_a1.py): nobody forgets to say who may come in.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from django.urls import URLPattern, URLResolver, get_resolver

from zhike.interfaces.console.registry import pages

Who = Literal["anybody", "signed", "permission"]


@dataclass(frozen=True)
class Door:
    """``anybody`` may come in; who is ``signed`` in; or who holds the ``permission``, to write ``writing`` if named."""

    who: Who
    permission: str = ""
    methods: tuple[str, ...] = ("GET",)
    writing: str = ""

    def needs(self, method: str) -> str:
        """The permission for a method."""
        return self.writing if self.writing and method != "GET" else self.permission


ANYBODY, SIGNED = Door("anybody"), Door("signed")
OWN = Door("permission", "manage_own_account", ("GET", "POST"))

# Address -> door, for all that is no page.
OTHERS: dict[str, Door] = {
    "healthz": ANYBODY,
    "metrics": ANYBODY,
    "login/": Door("anybody", methods=("GET", "POST")),
    "login/inactive/": ANYBODY,
    "login/code/": Door("anybody", methods=("GET", "POST")),
    "logout/": Door("anybody", methods=("GET", "POST")),
    "account/confirm/": OWN,
    "account/confirm/code/": OWN,
    "account/factor/": Door("permission", "manage_own_account"),
    "account/factor/set-up/": OWN,
    "account/factor/remove/": OWN,
    "account/codes/": Door("permission", "manage_own_account"),
    "account/codes/new/": OWN,
    "language/": Door("anybody", methods=("POST",)),
    "files/<str:file_id>/": Door("permission", "view_file"),
    "api/": ANYBODY,
    "api/openapi.json": ANYBODY,
    "api/docs": ANYBODY,
    "api/<path:address>": Door("anybody", methods=("GET", "POST", "PUT", "PATCH", "DELETE")),
    "api/v1/customers/<customer_id>": Door("permission", "view_customer"),
    "api/v1/customers/<customer_id>/decision": Door("permission", "view_decision"),
    "api/v1/customers/<customer_id>/consents": Door("permission", "view_consent", ("GET", "POST"), "record_consent"),
    "api/v1/customers/<customer_id>/contacts": Door("permission", "view_contact", ("GET", "POST"), "record_contact"),
    "api/v1/segments/count": Door("permission", "count_segment"),
    "api/v1/customers/<customer_id>/complaints": Door("permission", "take_complaint", ("POST",)),
    "api/v1/complaints": Door("permission", "view_complaint"),
    "api/v1/complaints/<complaint_id>": Door("permission", "view_complaint"),
}


def doors() -> dict[str, Door | None]:
    """Every address that answers, with its door; None where nobody said who may come in."""
    known = {**OTHERS, **dict(_of_pages())}
    return {route: known.get(route) for route in _routes(get_resolver().url_patterns)}


def _of_pages() -> Iterator[tuple[str, Door]]:
    for page in pages:
        yield page.path, Door("permission", page.permission, tuple(page.methods))
        for part in page.parts:
            yield part.path, Door("permission", part.permission, (part.method,))


def _routes(patterns: list[URLPattern | URLResolver], above: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = above + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, route)
        else:
            yield route
