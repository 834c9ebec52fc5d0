"""Consents and contacts of one customer. What is written carries an idempotency key: asked again, it is answered again.

The key stands in the header ``Idempotency-Key`` or in the field ``key``; under the same key another body gets 409.
"""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Header, Router, Schema
from pydantic import AwareDatetime, ConfigDict, Field, StringConstraints

from zhike.core.errors import BadInput, Conflict
from zhike.core.text import Locale
from zhike.interfaces.api_shapes import FAULTS, asking, needing
from zhike.operations.contact import actions, queries
from zhike.operations.contact.shapes import Planned, Verdict

Code = Annotated[str, StringConstraints(max_length=16)]
Reference = Annotated[str, StringConstraints(max_length=64)]
Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=64)]
contact_router = Router(tags=["consent and contact"])


class Strict(Schema):
    """A body that knows its fields: an unknown one is refused."""

    model_config = ConfigDict(extra="forbid")


class ConsentSaid(Strict):
    """What a customer said. ``given`` true needs the version of the wording; withdrawing needs nothing more."""

    given: bool
    purpose: Code = "marketing"
    channel: Code = "all"
    source: Code
    wording_version: Annotated[str, StringConstraints(max_length=32)] = ""
    proof: Reference = ""
    said_by: Code = "customer"
    recipient: Reference = ""
    effective_at: AwareDatetime | None = None
    expires_at: AwareDatetime | None = None
    key: Reference | None = None


class ConsentRecorded(Schema):
    """The statement as it stands in the ledger."""

    consent_id: int
    customer_id: str
    given: bool
    effective_at: AwareDatetime


class ConsentLine(Schema):
    """What holds: ``given``, ``withdrawn``, ``expired`` or ``unknown``; ``origin`` ledger, file or empty."""

    purpose: str
    channel: str
    recipient: str
    state: str
    origin: str
    since: str | None
    source: str
    wording_version: str
    proof: str
    expires_at: AwareDatetime | None


class Consents(Schema):
    """What a customer agreed to this moment, and every statement of the ledger, newest first."""

    customer_id: str
    lines: list[ConsentLine]
    history: list[dict[str, Any]]


class ContactMade(Strict):
    """A contact to plan (``state`` planned, ``at`` to come) or to record as it happened."""

    purpose: Literal["marketing", "service", "collections"]
    channel: Code
    state: Code = "planned"
    at: AwareDatetime | None = None
    direction: Literal["out", "in"] = "out"
    reference: Reference = ""
    number: Annotated[str, StringConstraints(max_length=32)] = Field("", description="kept as a keyed token only")
    agency: bool = False
    informative: bool = False
    hours_agreed: bool = False
    outcome: Annotated[str, StringConstraints(max_length=32)] = ""
    key: Reference | None = None


class Refusal(Schema):
    """Why not: a code with parameters, the rule, and the words in the caller's language."""

    code: str
    params: dict[str, Any]
    rule: str
    text: str


class ContactRecorded(Schema):
    """The contact, and the rules that it broke when it was made elsewhere."""

    contact_id: int
    state: str
    breaches: list[Refusal]


class Contacts(Schema):
    """The latest contacts, newest first, and how much of the marketing caps they use; channel empty: all together."""

    customer_id: str
    contacts: list[dict[str, Any]]
    caps: list[dict[str, Any]]


@contact_router.get(
    "/customers/{customer_id}/consents", response={200: Consents, **FAULTS}, auth=needing("view_consent"),
    summary="What a customer agreed to",
)  # fmt: skip
def consents(request: HttpRequest, customer_id: str) -> dict[str, Any]:
    found = queries.consent_state(asking(request), customer_id)
    lines = [{**vars(line), "since": line.since.isoformat() if line.since else None} for line in found.lines]
    return {"customer_id": found.customer_id, "lines": lines, "history": [vars(each) for each in found.history]}


@contact_router.post(
    "/customers/{customer_id}/consents", response={200: ConsentRecorded, **FAULTS}, auth=needing("record_consent"),
    summary="Record a consent given or withdrawn",
)  # fmt: skip
def consent_say(
    request: HttpRequest, customer_id: str, said: ConsentSaid, idempotency_key: Key = None
) -> dict[str, Any]:
    asked = said.dict(exclude={"given", "key"})
    if not said.given:
        if said.wording_version or said.expires_at:
            raise BadInput("A withdrawal has neither wording nor end: leave wording_version and expires_at out.")
        del asked["wording_version"], asked["expires_at"]
    say = actions.consent_record if said.given else actions.consent_withdraw
    done = say(asking(request), customer_id=customer_id, key=_key(idempotency_key, said.key), **asked)
    return vars(done)


@contact_router.get(
    "/customers/{customer_id}/contacts", response={200: Contacts, **FAULTS}, auth=needing("view_contact"),
    summary="How the bank and a customer turned to each other",
)  # fmt: skip
def contacts(request: HttpRequest, customer_id: str, limit: int = 20) -> dict[str, Any]:
    found = queries.contacts_of(asking(request), customer_id, limit=limit)
    return {
        "customer_id": found.customer_id, "contacts": [vars(each) for each in found.contacts],
        "caps": [vars(each) for each in found.caps],
    }  # fmt: skip


@contact_router.post(
    "/customers/{customer_id}/contacts", response={200: ContactRecorded, **FAULTS}, auth=needing("record_contact"),
    summary="Plan a contact, or record one that was made",
)  # fmt: skip
def contact_make(
    request: HttpRequest, customer_id: str, made: ContactMade, idempotency_key: Key = None
) -> dict[str, Any]:
    actor, key = asking(request), _key(idempotency_key, made.key)
    shared = made.dict(include={"purpose", "channel", "reference", "number", "agency", "hours_agreed"})
    if made.state == "planned":
        if made.at is None or made.direction == "in":
            raise BadInput("A plan is of the bank's own and says when: give at, and no direction in.")
        done = actions.contact_plan(actor, customer_id=customer_id, at=made.at, key=key, **shared)
    else:
        told = made.dict(include={"state", "at", "direction", "informative", "outcome"})
        done = actions.contact_record(actor, customer_id=customer_id, key=key, **shared, **told)
    return _recorded(done, actor.locale)


def _recorded(done: Planned, locale: Locale) -> dict[str, Any]:
    if done.contact_id is None:
        raise Conflict(f"Refused: {'; '.join(reason.in_('en') for reason in done.verdict.reasons)}.")
    return {"contact_id": done.contact_id, "state": done.state, "breaches": _reasons(done.verdict, locale)}


def _reasons(verdict: Verdict, locale: Locale) -> list[dict[str, Any]]:
    return [
        {"code": each.code, "params": {name: getattr(value, locale, value) for name, value in each.params.items()},
         "rule": each.rule.id, "text": each.in_(locale)}
        for each in verdict.reasons
    ]  # fmt: skip


def _key(header: str | None, field: str | None) -> str:
    """The one idempotency key; raises BadInput for none, or two that differ."""
    if header and field and header != field:
        raise BadInput("Idempotency-Key and key differ: give one of them.")
    if not (header or field):
        raise BadInput("An idempotency key is needed: the header Idempotency-Key, or the field key.")
    return str(header or field)
