"""The API, version 1: the customer view, the decision, the segment count. OpenAPI at ``/api/docs``.

A session or an API key (``Authorization: Bearer zk_…``) says who asks; every answer is what a query gives to that
actor. Errors have one shape:
``{"error": {"code", "message"}}``.
"""

from typing import Any

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Router, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from zhike.core.errors import NotFound, ZhikeError
from zhike.interfaces.accounts.api_auth import Keyed, Signed
from zhike.interfaces.api_contact import contact_router
from zhike.interfaces.api_service import complaint_router
from zhike.interfaces.api_shapes import FAULTS, asking
from zhike.operations.customers import queries
from zhike.operations.governance.masking import mask_text
from zhike.operations.marketing import queries as marketing


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


class Changed(Schema):
    """One input of a decision that has changed since it was published."""

    column: str
    title: str
    published: Any
    now: Any


class Live(Schema):
    """When the decision was made again, and what made it differ from the published one."""

    decided_at: str
    changed: list[Changed]


class Decision(Schema):
    """The decision for one customer as it stands this moment; ``live`` null: as published."""

    customer_id: str
    as_of: str
    next_best_action: NextBestAction | None
    candidates: list[Candidate]
    live: Live | None
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


router = Router(tags=["customers"])


@router.get("/customers/{customer_id}", response={200: Customer, **FAULTS}, summary="One customer")
def customer(request: HttpRequest, customer_id: str) -> dict[str, Any]:
    return queries.customer_get(asking(request), customer_id)


@router.get("/customers/{customer_id}/decision", response={200: Decision, **FAULTS}, summary="One customer's decision")
def decision(request: HttpRequest, customer_id: str) -> dict[str, Any]:
    return marketing.decision_get(asking(request), customer_id)


@router.get("/segments/count", response={200: Count, **FAULTS}, summary="Count a segment")
def segment_count(request: HttpRequest, expression: str) -> dict[str, Any]:
    found = queries.segment_count(asking(request), expression)
    return {
        "expression": found.expression, "count": found.count, "as_of": found.as_of.isoformat(),
        "snapshot": found.snapshot,
    }  # fmt: skip


# Swagger's page, from our own files, sets styles by script: its own policy, for that page only.
_docs = csp_replace({"script-src": [SELF], "style-src": [SELF, UNSAFE_INLINE], "connect-src": [SELF]})
api = NinjaAPI(title="Zhike", version="1", auth=[Keyed(), Signed()], urls_namespace="api", docs_decorator=_docs)
api.add_router("/v1", router)
api.add_router("/v1", contact_router)
api.add_router("/v1", complaint_router)

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
    return api.create_response(request, {"error": {"code": code, "message": mask_text(message)}}, status=status)


@api.exception_handler(ZhikeError)
def _expected(request: HttpRequest, fault: ZhikeError) -> HttpResponse:
    return _fault(request, fault.status, _CODES.get(fault.status, "fault"), str(fault))


@api.exception_handler(AuthenticationError)
def _not_logged_in(request: HttpRequest, _refused: AuthenticationError) -> HttpResponse:
    return _fault(request, 401, "not_logged_in", "Log in first, or send a valid API key.")


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, fault: ValidationError) -> HttpResponse:
    first = fault.errors[0] if fault.errors else {}
    where = ".".join(str(part) for part in first.get("loc", ())[1:])
    return _fault(request, 400, "bad_input", f"{where}: {first.get('msg', 'not valid')}.")


@api.exception_handler(HttpError)
def _http(request: HttpRequest, fault: HttpError) -> HttpResponse:
    return _fault(request, fault.status_code, _CODES.get(fault.status_code, "fault"), str(fault))
