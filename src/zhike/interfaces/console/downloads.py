"""A stored file, answered as what it is and never shown by the browser: a name is quoted, a type is of our list."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from zhike.core.errors import NotFound, ZhikeError
from zhike.core.text import Text
from zhike.interfaces.console import faults
from zhike.interfaces.console.acting import acting
from zhike.interfaces.console.serve import to_login
from zhike.operations.files import actions


@require_safe
def file(request: HttpRequest, file_id: str) -> HttpResponse | StreamingHttpResponse:
    """The content as an attachment; each one on record as read."""
    if not request.user.is_authenticated:
        return to_login(request)
    try:
        actor = acting(request)
        actor.require("view_file")
        found, content = actions.file_open(actor, file_id=_id(file_id))
    except ZhikeError as fault:
        return faults.answer(request, fault)
    answer = StreamingHttpResponse(content, content_type=found.content_type)
    answer.headers["Content-Length"] = str(found.size)
    answer.headers["Content-Disposition"] = content_disposition_header(True, found.name) or "attachment"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(Text("没有这个文件。", "There is no such file.")) from None


urlpatterns = [path("files/<str:file_id>/", file, name="file")]
