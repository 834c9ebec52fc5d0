"""What no text of a request may hold: NUL, which PostgreSQL cannot store and no person types."""

from collections.abc import Callable, Iterator

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.utils import translation

from zhike.core.errors import BadInput
from zhike.interfaces.console import faults
from zhike.interfaces.console.language import chosen
from zhike.interfaces.console.texts import text


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
    yield from request.COOKIES.values()
    for form in (request.GET, request.POST):
        yield from _of(form)


def _of(form: QueryDict) -> Iterator[str]:
    for name, values in form.lists():
        yield name
        yield from (value for value in values if isinstance(value, str))
