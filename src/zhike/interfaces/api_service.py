"""The API of the complaint register: take a complaint, list what is open, read one without its texts."""

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Field, Router, Schema
from pydantic import ValidationError

from zhike.core.errors import BadInput
from zhike.interfaces.api_shapes import FAULTS, asking
from zhike.operations.service import actions, queries
from zhike.operations.service.texts import LONGEST


class Intake(Schema):
    """A complaint as it comes; codes as in the console. ``text`` is kept encrypted and answered nowhere here."""

    channel: str = Field(max_length=16)
    cause: str = Field(max_length=32)
    text: str = Field(max_length=LONGEST)
    severity: str = Field(default="ordinary", max_length=16)
    by_regulator: bool = False
    about: str | None = Field(default=None, max_length=64, pattern=r"^[^\x00]*$")


class Taken(Schema):
    """The number of the complaint."""

    complaint_id: str


class Complaint(Schema):
    """One complaint without its texts; ``days_left`` is negative when overdue and null when answered."""

    complaint_id: str
    customer_id: str | None
    channel: str
    cause: str
    severity: str
    by_regulator: bool
    received_at: datetime
    state: str
    outcome: str
    clock: str
    due_on: date
    days_left: int | None
    handler: str | None


class Complaints(Schema):
    """Complaints by due day; ``after`` asks for the next page."""

    complaints: list[Complaint]
    counts: dict[str, int]
    after: str | None


complaint_router = Router(tags=["complaints"])
_SHAPE = Intake.model_json_schema()


def _intake(body: bytes) -> Intake:
    try:
        return Intake.model_validate_json(body)
    except ValidationError as fault:
        first = fault.errors()[0]
        where = ".".join(map(str, first["loc"])) or "body"
        raise BadInput(f"{where}: {first['msg']}.") from None


@complaint_router.post(
    "/customers/{customer_id}/complaints",
    response={200: Taken, **FAULTS},
    summary="Take a complaint",
    openapi_extra={"requestBody": {"required": True, "content": {"application/json": {"schema": _SHAPE}}}},
)
def complaint_take(request: HttpRequest, customer_id: str) -> dict[str, Any]:
    # Who may not, or does not see the customer, is told so before anything is said of the body.
    queries.complaint_may_take(asking(request), customer_id)
    intake = _intake(request.body)
    number = actions.complaint_take(asking(request), customer_id=customer_id, **intake.dict())
    return {"complaint_id": number}


@complaint_router.get("/complaints", response={200: Complaints, **FAULTS}, summary="List complaints")
def complaint_list(
    request: HttpRequest,
    which: Literal["open", "mine", "due_soon", "overdue", "regulator", "all"] = "open",
    after: str | None = None,
) -> dict[str, Any]:
    found = queries.complaint_list(asking(request), which, 50, after)
    return {"complaints": found.rows, "counts": found.counts, "after": found.after}


@complaint_router.get("/complaints/{complaint_id}", response={200: Complaint, **FAULTS}, summary="One complaint")
def complaint(request: HttpRequest, complaint_id: str) -> queries.ComplaintRow:
    return queries.complaint_get(asking(request), complaint_id).row
