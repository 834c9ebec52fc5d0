"""Which language a page is in: what the reader chose (a cookie), else what their account says, else Chinese."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from zhike.core.text import Locale


class LanguageMiddleware:
    """Chinese first whatever the browser prefers: many a Chinese bank's desktops run an English system."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        code = chosen(request)
        with translation.override(code):
            request.LANGUAGE_CODE = code  # Django's own name for it
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", code)
        return response


def chosen(request: HttpRequest) -> str:
    """Django's code of the reader's language; the account is asked only where the session is known already."""
    code = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    if code in dict(settings.LANGUAGES):
        return code
    account = getattr(request, "user", None)
    return "en" if getattr(account, "locale", "zh") == "en" else settings.LANGUAGE_CODE


def locale() -> Locale:
    """The language of the request being answered."""
    return "en" if (translation.get_language() or "").startswith("en") else "zh"
