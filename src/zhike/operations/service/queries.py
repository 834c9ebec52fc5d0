"""What is told of complaints. Their texts are told by `actions.complaint_read` alone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal

from django.db import connection
from django.db.models import Count, Q

from zhike.core.actor import Actor
from zhike.core.clock import business_date
from zhike.core.settings import settings
from zhike.operations.governance.acting import note, query
from zhike.operations.governance.belonging import today
from zhike.operations.governance.vault import party_of
from zhike.operations.governance.visibility import require_visible
from zhike.operations.service import clock
from zhike.operations.service.models import Complaint, ComplaintStep, ComplaintText
from zhike.operations.service.reading import may_read, required

Filter = Literal["open", "mine", "due_soon", "overdue", "regulator", "all"]
FILTERS: tuple[Filter, ...] = ("open", "mine", "due_soon", "overdue", "regulator", "all")
SOURCE = "zhike"
# The step of this register -> the step of the canonical table ``complaint``.
# A request for review comes in like the complaint itself: until it is closed again, the complaint is open.
_TOLD = {"received": "received", "review": "received", "answered": "answered", "closed": "closed"}


@dataclass(frozen=True)
class ComplaintRow:
    """One complaint without its texts. ``days_left`` to the due day: negative when overdue, None when answered."""

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
    taken_by: str
    about: str | None


@dataclass(frozen=True)
class Step:
    """What happened, when and by whom; ``actor`` as ``staff:name``."""

    at: datetime
    step: str
    actor: str
    handler: str | None
    clock: str
    due_on: date


@dataclass(frozen=True)
class Written:
    """A text that can be read for a purpose."""

    text_id: int
    kind: str
    written_by: str
    at: datetime


@dataclass(frozen=True)
class ComplaintPage:
    """One complaint: its facts, its steps in order, its texts by name; ``may_read`` says whether the actor may."""

    row: ComplaintRow
    steps: list[Step]
    texts: list[Written]
    may_read: bool


@dataclass(frozen=True)
class ComplaintList:
    """Complaints by due day, and how many each filter holds."""

    rows: list[ComplaintRow]
    counts: dict[str, int]
    after: str | None


@query(permission="view_decision")
def complaints_open_now(actor: Actor, customer_ids: Sequence[str] | None = None) -> dict[str, int]:
    """Customers with open complaints -> how many; None asks for all that the actor sees.

    It counts those too that the actor may not read: selling stops for whom a complaint is about as for everybody.
    """
    return open_of(None if customer_ids is None else [each.lower() for each in customer_ids])


@query(permission="make_decisions")
def complaints_open_for_run(actor: Actor) -> dict[str, int]:
    """The same of everybody, for who decides about everybody and sees nobody."""
    return open_of(None)


def open_of(customer_ids: list[str] | None) -> dict[str, int]:
    """Inside a query of this app."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT customer_id, complaints FROM service_open_complaints(%s)", [customer_ids])
        return dict(cursor.fetchall())


@query(permission="take_complaint")
def complaint_may_take(actor: Actor, customer_id: str) -> None:
    """Raises NotFound unless the actor may take a complaint of this customer."""
    require_visible(actor, str(party_of(customer_id)))


@query(permission="view_complaint", audit="complaint.list")
def complaint_list(
    actor: Actor, which: Filter = "open", limit: int = 50, after: str | None = None, customer_id: str | None = None
) -> ComplaintList:
    """The complaints of a filter by due day, nearest first; ``after`` is what the page before ended with."""
    day = today()
    seen = Complaint.visible_to(actor)
    if customer_id is not None:
        seen = seen.filter(customer_id=customer_id.lower())
    counts = seen.aggregate(**{name: Count("pk", filter=_where(actor, name, day)) for name in FILTERS})
    rows = seen.filter(_where(actor, which, day)).order_by("due_on", "complaint_id")
    last = Complaint.visible_to(actor).filter(complaint_id=after).first() if after else None
    if last is not None:
        rows = rows.filter(Q(due_on__gt=last.due_on) | Q(due_on=last.due_on, complaint_id__gt=last.complaint_id))
    found = [_row(each, day) for each in rows[: limit + 1]]
    if actor.kind == "cardholder":
        found = [replace(each, handler=None, about=None, taken_by="") for each in found]
    note(shown=min(len(found), limit), which=which)
    return ComplaintList(found[:limit], counts, found[limit - 1].complaint_id if len(found) > limit else None)


@query(permission="view_complaint")
def complaint_is_visible(actor: Actor, complaint_id: str) -> bool:
    """Whether the actor sees this complaint; tells nothing of it, so that it is not on record."""
    return Complaint.visible_to(actor).filter(complaint_id=complaint_id).exists()


@query(permission="view_complaint", audit="complaint.view", about="complaint")
def complaint_get(actor: Actor, complaint_id: str) -> ComplaintPage:
    """One complaint with its steps; raises NotFound, for whom it is about as well."""
    found = required(actor, complaint_id)
    steps = ComplaintStep.visible_to(actor).filter(complaint_id=complaint_id).order_by("id")
    texts = ComplaintText.visible_to(actor).filter(complaint_id=complaint_id).order_by("id")
    page = ComplaintPage(
        _row(found, today()),
        [Step(s.at, s.step, s.actor, s.handler, s.clock, s.due_on) for s in steps],
        [Written(t.pk, t.kind, t.written_by, t.at) for t in texts],
        may_read(actor, found),
    )
    return _of_staff_nothing(page) if actor.kind == "cardholder" else page


@query(permission="load_data", audit="complaint.export")
def complaint_events_between(actor: Actor, first: date, last: date) -> list[dict[str, Any]]:
    """Steps that came to be known on the bank-local days ``first`` to ``last``, as rows of the canonical table
    ``complaint``, in order: day after day, each step is told once.

    Strangers' complaints have no party and are left out. An answer after a review is told as ``reviewed``.
    """
    steps = ComplaintStep.visible_to(actor).select_related("complaint")
    steps = steps.filter(step__in=_TOLD, complaint__customer_id__isnull=False)
    rows = [_event(each) for each in steps.filter(at__date__gte=first, at__date__lte=last).order_by("id")]
    note(rows=len(rows))
    return rows


def _where(actor: Actor, which: str, day: date) -> Q:
    waiting = ~Q(state__in=["answered", "closed"])
    return {
        "open": ~Q(state="closed"),
        "mine": ~Q(state="closed") & Q(handler=actor.person),
        "due_soon": waiting & Q(due_on__gte=day, due_on__lte=day + timedelta(days=clock.SOON_DAYS)),
        "overdue": waiting & Q(due_on__lt=day),
        "regulator": Q(by_regulator=True),
        "all": Q(),
    }[which]


def _row(found: Complaint, day: date) -> ComplaintRow:
    waiting = found.state not in ("answered", "closed")
    return ComplaintRow(
        found.complaint_id, found.customer_id, found.channel, found.cause, found.severity, found.by_regulator,
        found.received_at, found.state, found.outcome, found.clock, found.due_on,
        clock.days_left(found.due_on, day) if waiting else None, found.handler, found.taken_by, found.about,
    )  # fmt: skip


def _of_staff_nothing(page: ComplaintPage) -> ComplaintPage:
    """The same for a cardholder: who here handles it or is complained about is the bank's affair."""
    row = replace(page.row, handler=None, about=None, taken_by="")
    steps = [replace(step, actor="", handler=None) for step in page.steps]
    return replace(page, row=row, steps=steps, texts=[replace(text, written_by="") for text in page.texts])


def _event(step: ComplaintStep) -> dict[str, Any]:
    whole, at = step.complaint, step.at
    if step.step == "received":
        at = whole.received_at
    day = business_date(at, settings().zone)
    told = "reviewed" if step.step == "answered" and step.before == "review" else _TOLD[step.step]
    return {
        "complaint_event_id": f"{SOURCE}:{step.pk}", "complaint_id": whole.complaint_id, "party_id": whole.customer_id,
        "step": told, "cause": whole.cause, "channel": whole.channel, "by_regulator": whole.by_regulator,
        "event_at": at, "business_date": day, "known_at": business_date(step.at, settings().zone), "source": SOURCE,
    }  # fmt: skip
