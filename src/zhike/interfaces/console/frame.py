"""What every template may read: language, theme, currency, menu."""

from typing import Any

from django.http import HttpRequest

from zhike.core.actor import Actor
from zhike.core.workspace import workspace
from zhike.interfaces.console.acting import acting
from zhike.interfaces.console.language import locale
from zhike.interfaces.console.registry import Page, pages
from zhike.operations.governance.masking import mask_text

THEMES = ("light", "dark")  # anything else follows the system


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor."""
    theme = request.COOKIES.get("zhike-theme")
    actor = acting(request) if _inside(request) else None
    return {
        "locale": locale(),
        "theme": theme if theme in THEMES else "",
        "currency": workspace().currency,
        "menu": _menu(actor) if actor else [],
        "can_search": bool(actor and actor.may("search_customer")),
        "here": _here(request),
    }


def _inside(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    return bool(user and user.is_authenticated)


def _menu(actor: Actor) -> list[Page]:
    may = {"manage_own_account"} if actor.kind == "cardholder" else actor.permissions
    shown = [(page.menu, page.name, page) for page in pages if page.menu is not None and page.permission in may]
    return [page for _, _, page in sorted(shown, key=lambda entry: entry[:2])]


def _here(request: HttpRequest) -> str:
    """Where the choice of a language comes back to; not to an address that is none: there anything may be typed."""
    path = request.get_full_path() if request.method == "GET" and request.resolver_match else "/"
    return path if mask_text(path) == path else "/"
