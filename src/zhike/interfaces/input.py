"""What a request may hold: no NUL, which PostgreSQL cannot store and no person types; whole numbers; days."""

from collections.abc import Callable, Iterator
from datetime import date

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.utils import translation

from zhike.core.errors import BadInput
from zhike.core.text import Text
from zhike.interfaces.console import faults
from zhike.interfaces.console.language import chosen
from zhike.interfaces.console.texts import text

_MOST_DIGITS = 18  # a bigint holds them


class NulMiddleware:
    """400 for a NUL in an address, a form or a cookie, before anything looks at it; pages and API alike."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not any("\0" in one for one in _texts(request)):
            return self.get_response(request)
        said = text("fault.nul")
        with translation.override(chosen(request)):
            if request.path.startswith("/api/"):
                return JsonResponse({"error": {"code": "bad_input", "message": said.en}}, status=400)
            return faults.answer(request, BadInput(said))


def _texts(request: HttpRequest) -> Iterator[str]:
    yield request.path_info
    yield from request.COOKIES.values()
    for form in (request.GET, request.POST):
        yield from _of(form)


def _of(form: QueryDict) -> Iterator[str]:
    for name, values in form.lists():
        yield name
        yield from (value for value in values if isinstance(value, str))


def whole_number(text: str) -> int | None:
    """A number out of an address, such as where a list goes on; None for anything else: addresses get cut and mixed."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None


def typed_day(text: str, fault: Text) -> date:
    """A day as a form sends it; raises BadInput with the fault for anything else."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise BadInput(fault) from None
