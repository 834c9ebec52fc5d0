"""What the contact app does with contacts: plan one, take it a step further, record one that was made elsewhere.

Planning and sending ask the rules (`verdicts`) and are refused with every reason; what has happened already is
recorded whatever the rules say, with the rules it broke. Nothing goes backwards.
"""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from psycopg.errors import UniqueViolation

from zhike.core.actor import Actor
from zhike.core.errors import BadInput, Conflict, NotFound
from zhike.core.text import Text
from zhike.operations.contact import asked, verdicts
from zhike.operations.contact.models import Contact
from zhike.operations.contact.models.contact import CHANNELS, ENDS, PURPOSES, STATES
from zhike.operations.contact.rules import Proposal
from zhike.operations.contact.shapes import Planned, Verdict
from zhike.operations.governance.acting import action, note

_WHEN = Text("触达时间", "time of the contact")
_FREE = Verdict(allowed=True)


@action(permission="record_contact", audit="contact.plan", about="customer")
def contact_plan(
    actor: Actor, *, customer_id: str, purpose: str, channel: str, at: datetime, key: str, reference: str = "",
    number: str = "", agency: bool = False, hours_agreed: bool = False,
) -> Planned:  # fmt: skip
    """Plans a contact of the bank with a customer, or refuses it with every reason and plans nothing.

    It counts against the caps from now on: two planners never both get the last place.
    """
    values = _values(actor, customer_id, purpose, channel, reference, number, agency, hours_agreed)
    known, body = _known(actor, asked.key(key), {**values, "at": at})
    if known is not None:
        return known
    when = asked.coming(at, _WHEN)
    verdict = verdicts.verdict(actor, values["customer_id"], _proposal(values, when))
    if not verdict.allowed:
        note(purpose=purpose, channel=channel, refused=verdict.codes)
        return Planned(None, "refused", verdict)
    return _made(actor, {**values, "planned_at": when, "key": key, "asked": body}, verdict)


@action(permission="record_contact", audit="contact.advance", about="customer")
def contact_advance(
    actor: Actor, *, customer_id: str, contact_id: int, state: str, at: datetime | None = None,
    informative: bool = False, outcome: str = "",
) -> Planned:  # fmt: skip
    """Takes a contact a step further; one that is there already, or farther, stays as it is.

    ``sent`` is asked for *before* sending: the rules are looked at once more, and a refusal leaves the contact
    planned. Every later state tells what happened. Raises Conflict when it ended otherwise.
    """
    asked.one_of(state, [each for each in STATES if each != "planned"], Text("状态", "state"))
    customer = asked.customer(actor, customer_id)
    when, outcome = asked.instant(at, _WHEN), asked.reference(outcome, Text("结果", "outcome"))[:32]
    asked.alone(customer)
    found: Contact | None = Contact.visible_to(actor).filter(customer_id=customer, id=contact_id).first()
    if found is None:
        raise NotFound(Text("没有这次触达。", "There is no such contact."))
    if STATES[state] <= STATES[found.state]:
        return _unchanged(found, state)
    if state == "sent" and found.direction == "out":
        verdict = verdicts.verdict(actor, customer, _proposal(vars(found), when), leaving_out=found.id)
        if not verdict.allowed:
            note(contact=found.id, refused=verdict.codes)
            return Planned(found.id, found.state, verdict)
    _step(found, state, when, informative, outcome)
    note(contact=found.id, state=state)
    return Planned(found.id, state, _FREE)


@action(permission="record_contact", audit="contact.record", about="customer")
def contact_record(
    actor: Actor, *, customer_id: str, purpose: str, channel: str, key: str, state: str = "sent",
    direction: str = "out", at: datetime | None = None, reference: str = "", number: str = "", agency: bool = False,
    informative: bool = False, hours_agreed: bool = False, outcome: str = "",
) -> Planned:  # fmt: skip
    """Records a contact that was made elsewhere, by the bank, an agency or the customer (``direction`` in).

    It is recorded whatever the rules say: the answer, and the row, name every rule that it broke.
    """
    asked.one_of(state, [each for each in STATES if each != "planned"], Text("状态", "state"))
    asked.one_of(direction, ("out", "in"), Text("方向", "direction"))
    values = _values(actor, customer_id, purpose, channel, reference, number, agency, hours_agreed)
    values |= {
        "direction": direction,
        "state": state,
        "outcome": asked.reference(outcome, Text("结果", "outcome"))[:32],
    }
    values["informative"] = informative and state == "answered" and channel == "phone"
    known, body = _known(actor, asked.key(key), {**values, "at": at})
    if known is not None:
        return known
    when = asked.instant(at, _WHEN)
    verdict = _FREE
    if direction == "out" and state != "failed":
        verdict = verdicts.verdict(actor, values["customer_id"], _proposal(values, when))
    values |= {"planned_at": when, "breaches": verdict.codes[:200], **_times(state, when, None)}
    return _made(actor, {**values, "key": key, "asked": body}, verdict)


def _values(
    actor: Actor, customer_id: str, purpose: str, channel: str, reference: str, number: str, agency: bool,
    hours_agreed: bool,
) -> dict[str, Any]:  # fmt: skip
    """The columns of a contact that never change, each checked; the customer's lock is held from here on."""
    asked.one_of(purpose, PURPOSES, Text("用途", "purpose"))
    asked.one_of(channel, CHANNELS, Text("渠道", "channel"))
    reference = asked.reference(reference, Text("关联编号", "reference"))
    if purpose == "collections" and not reference:
        raise BadInput(
            Text("催收触达须写明催收轮次编号。", "A contact of collections names its cycle: give a reference.")
        )
    customer = asked.customer(actor, customer_id)
    asked.alone(customer)
    return {
        "customer_id": customer, "purpose": purpose, "channel": channel, "reference": reference,
        "number_token": asked.number_token(number), "agency": agency, "hours_agreed": hours_agreed,
        "made_by": f"{actor.kind}:{actor.name}",
    }  # fmt: skip


def _proposal(values: dict[str, Any], at: datetime) -> Proposal:
    names = ("purpose", "channel", "reference", "number_token", "hours_agreed")
    return Proposal(at=at, **{name: values[name] for name in names})


def _known(actor: Actor, key: str, body: dict[str, Any]) -> tuple[Planned | None, str]:
    """What came of this very request before, and its fingerprint; raises Conflict when the key was used otherwise."""
    mark = asked.fingerprint(body)
    found: Contact | None = Contact.visible_to(actor).filter(key=key).first()
    if found is None:
        return None, mark
    if found.asked != mark:
        raise asked.another(actor)
    note(contact=found.id, repeated=True)
    return Planned(found.id, found.state, Verdict(allowed=True)), mark


def _made(actor: Actor, values: dict[str, Any], verdict: Verdict) -> Planned:
    try:
        with transaction.atomic():
            made = Contact.objects.create(**values)
    except IntegrityError as fault:
        raise (asked.another(actor) if isinstance(fault.__cause__, UniqueViolation) else fault) from None
    note(contact=made.id, purpose=made.purpose, channel=made.channel, state=made.state, breaches=made.breaches)
    return Planned(made.id, made.state, verdict)


def _unchanged(found: Contact, state: str) -> Planned:
    if state in ENDS and found.state in ENDS and state != found.state:
        raise Conflict(
            Text(
                f"这次触达已以“{found.state}”结束，不能再改为“{state}”。",
                f"This contact ended as {found.state}: it cannot end as {state} as well.",
            )
        )
    note(contact=found.id, state=found.state, changed=False)
    return Planned(found.id, found.state, _FREE)


def _step(found: Contact, state: str, at: datetime, informative: bool, outcome: str) -> None:
    """Receipts may come in any order and from other clocks: a time never lies before the one it follows."""
    found.state, found.outcome = state, outcome
    found.informative = informative and state == "answered" and found.channel == "phone"
    for name, when in _times(state, at, found.sent_at).items():
        if getattr(found, name) is None:
            setattr(found, name, when)
    found.save(update_fields=["state", "outcome", "informative", "sent_at", "delivered_at", "answered_at", "ended_at"])


def _times(state: str, at: datetime, sent_at: datetime | None) -> dict[str, datetime | None]:
    """The times that a state brings with it."""
    at = max(at, sent_at) if sent_at is not None else at
    return {
        "sent_at": None if state == "failed" else at,
        "delivered_at": at if state == "delivered" else None,
        "answered_at": at if state == "answered" else None,
        "ended_at": at if state in ENDS else None,
    }
