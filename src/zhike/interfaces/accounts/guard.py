"""Between a session and what it opens: it may be over, and its owner may still lack a second factor."""

from collections.abc import Callable
from typing import Any

from django.conf import settings as site
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from zhike.core.settings import settings
from zhike.interfaces.accounts.lockout import OPEN
from zhike.operations.governance import factor, queries, sessions

# What somebody without a second factor may open where one is required.
_FREE = frozenset(
    (
        "account_login", "account_logout", "account_reauthenticate", "mfa_activate_totp", "mfa_view_recovery_codes",
        "set_language", "healthz", "metrics", "password",
    )
)  # fmt: skip
# The same where somebody else knows the password.
_BEFORE_A_PASSWORD = frozenset(("account_login", "account_logout", "password", "set_language", "healthz", "metrics"))


class SessionGuard:
    """A session that was ended, idle too long or too old is none, from this very request on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if site.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            user_id = request.user.pk
            if not sessions.is_open(request.session.get(OPEN), user_id):
                logout(request)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """A password that somebody else knows is changed before anything else; then, where a second factor is required,
        who has none sets one up."""
        name = request.resolver_match.url_name if request.resolver_match else None
        if not request.user.is_authenticated or name is None:
            return None
        if getattr(request.user, "password_once", False):
            first = "Change the password that you were given first: log in to the console."
            return None if name in _BEFORE_A_PASSWORD else _first(request, "password", first)
        if not settings().require_mfa or name in _FREE or factor.factor_stands(queries.actor_of(request.user)):
            return None
        return _first(request, "mfa_activate_totp", "Set up your second factor first: log in to the console.")


def _first(request: HttpRequest, name: str, said: str) -> HttpResponse:
    """To the page that comes first; a program is told so."""
    if request.path.startswith("/api/"):
        return JsonResponse({"error": {"code": "forbidden", "message": said}}, status=403)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": reverse(name)})
    return redirect(name)
