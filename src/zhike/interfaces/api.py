"""The API, version 1: the customer view, the decision, the segment count. OpenAPI at ``/api/docs``.

A session logs in (API keys come later); every answer is what a query gives to that actor. Errors have one shape:
``{"error": {"code", "message"}}``.
"""

from typing import Any

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Router, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import SessionAuth

from zhike.core.actor import Actor
from zhike.core.errors import NotFound, ZhikeError
from zhike.operations.customers import queries
from zhike.operations.governance.queries import actor_of
from zhike.operations.marketing import queries as marketing


class Signed(SessionAuth):
    """The session cookie of the console; gives the `Actor`."""

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:  # noqa: ARG002  # ninja's signature
        return actor_of(request.user) if request.user.is_authenticated else None


class ErrorBody(Schema):
    """What went wrong: a stable code and one line that says what to do."""

    code: str
    message: str


class Error(Schema):
    """Every error has this shape."""

    error: ErrorBody


class Reason(Schema):
    """A coded reason: the text is the code with its parameters in the reader's language."""

    code: str
    params: dict[str, Any]
    text: str


class NextBestAction(Schema):
    """The winning action; ``value_cents`` in minor units of the reporting currency."""

    offer: str
    title: str
    value_cents: int
    reasons: list[Reason]


class Candidate(Schema):
    """One considered action: ``won``, ``lost`` or ``refused``, and why."""

    offer: str
    title: str
    outcome: str
    value_cents: int | None
    reasons: list[Reason]


class Decision(Schema):
    """The decision for one customer."""

    customer_id: str
    as_of: str
    next_best_action: NextBestAction | None
    candidates: list[Candidate]
    snapshot: str


class Customer(Decision):
    """One customer as published."""

    features: dict[str, Any]
    tier: str
    stage: str
    segments: list[str]


class Count(Schema):
    """How many customers a condition selects."""

    expression: str
    count: int
    as_of: str
    snapshot: str


_FAULTS: dict[int, type[Schema]] = dict.fromkeys((400, 401, 403, 404, 503), Error)
router = Router(tags=["customers"])


@router.get("/customers/{customer_id}", response={200: Customer, **_FAULTS}, summary="One customer")
def customer(request: HttpRequest, customer_id: str) -> dict[str, Any]:
    return queries.customer_get(_actor(request), customer_id)


@router.get("/customers/{customer_id}/decision", response={200: Decision, **_FAULTS}, summary="One customer's decision")
def decision(request: HttpRequest, customer_id: str) -> dict[str, Any]:
    return marketing.decision_get(_actor(request), customer_id)


@router.get("/segments/count", response={200: Count, **_FAULTS}, summary="Count a segment")
def segment_count(request: HttpRequest, expression: str) -> dict[str, Any]:
    found = queries.segment_count(_actor(request), expression)
    return {
        "expression": found.expression, "count": found.count, "as_of": found.as_of.isoformat(),
        "snapshot": found.snapshot,
    }  # fmt: skip


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.auth  # type: ignore[attr-defined]
    return actor


# Swagger's page, from our own files, sets styles by script: its own policy, for that page only.
_docs = csp_replace({"script-src": [SELF], "style-src": [SELF, UNSAFE_INLINE], "connect-src": [SELF]})
api = NinjaAPI(title="Zhike", version="1", auth=Signed(), urls_namespace="api", docs_decorator=_docs)
api.add_router("/v1", router)

elsewhere = Router(auth=None)


@elsewhere.api_operation(
    ["GET", "POST", "PUT", "PATCH", "DELETE"], "/{path:address}", include_in_schema=False, auth=None
)
def nothing_here(request: HttpRequest, address: str) -> None:
    """Any other address under /api/, in the shape of every error."""
    raise NotFound(f"There is no {request.method} /api/{address[:80]}: /api/docs lists what there is.")


# Last: the first route that fits answers.
api.add_router("", elsewhere)

_CODES = {400: "bad_input", 403: "forbidden", 404: "not_found", 409: "conflict", 429: "too_many", 503: "unavailable"}


def _fault(request: HttpRequest, status: int, code: str, message: str) -> HttpResponse:
    return api.create_response(request, {"error": {"code": code, "message": message}}, status=status)


@api.exception_handler(ZhikeError)
def _expected(request: HttpRequest, fault: ZhikeError) -> HttpResponse:
    return _fault(request, fault.status, _CODES.get(fault.status, "fault"), str(fault))


@api.exception_handler(AuthenticationError)
def _not_logged_in(request: HttpRequest, _refused: AuthenticationError) -> HttpResponse:
    return _fault(request, 401, "not_logged_in", "Log in first.")


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, fault: ValidationError) -> HttpResponse:
    first = fault.errors[0] if fault.errors else {}
    where = ".".join(str(part) for part in first.get("loc", ())[1:])
    return _fault(request, 400, "bad_input", f"{where}: {first.get('msg', 'not valid')}.")


@api.exception_handler(HttpError)
def _http(request: HttpRequest, fault: HttpError) -> HttpResponse:
    return _fault(request, fault.status_code, _CODES.get(fault.status_code, "fault"), str(fault))
