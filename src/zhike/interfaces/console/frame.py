"""What every template may read: language, theme, currency, menu."""

from typing import Any

from django.http import HttpRequest

from zhike.core.actor import Actor
from zhike.core.workspace import workspace
from zhike.interfaces.console.acting import acting
from zhike.interfaces.console.language import locale
from zhike.interfaces.console.registry import Page, pages

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
        "here": request.get_full_path() if request.method == "GET" else "/",
    }


def _inside(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    return bool(user and user.is_authenticated)


def _menu(actor: Actor) -> list[Page]:
    shown = [(page.menu, page.name, page) for page in pages if page.menu is not None and actor.may(page.permission)]
    return [page for _, _, page in sorted(shown, key=lambda entry: entry[:2])]
