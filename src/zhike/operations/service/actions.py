"""What is done with a complaint, from intake to close. The states and who may see what: migration 0002."""

from datetime import datetime

from django.db import IntegrityError, connection, transaction

from zhike.core.actor import Actor
from zhike.core.clock import business_date, now
from zhike.core.errors import BadInput, Conflict, Forbidden
from zhike.core.settings import settings
from zhike.core.text import Text
from zhike.operations.governance import own_keys, staff
from zhike.operations.governance.acting import action, note
from zhike.operations.governance.approved import require_approved
from zhike.operations.governance.belonging import today
from zhike.operations.governance.hourly import require_room
from zhike.operations.governance.purpose import require_purpose
from zhike.operations.governance.vault import party_of
from zhike.operations.governance.visibility import require_visible
from zhike.operations.service import codes, texts
from zhike.operations.service.clock import BY_APPROVAL, EXTENSIONS, due_on
from zhike.operations.service.models import Complaint, ComplaintExtension, ComplaintText
from zhike.operations.service.reading import may_read, required

_MAY_HANDLE = "handle_complaint"
_READ = "complaint.read"


@action(permission="take_complaint", audit="complaint.take", about="customer")
def complaint_take(
    actor: Actor, *, customer_id: str | None, channel: str, cause: str, text: str, severity: str = "ordinary",
    by_regulator: bool = False, received_at: datetime | None = None, about: str | None = None,
) -> str:  # fmt: skip
    """Takes a complaint in and starts its clock; returns its number. ``customer_id`` is None for a stranger.

    ``about`` is the log-in name of the person complained about. Raises BadInput, NotFound for another's customer.
    """
    party = None if customer_id is None else str(party_of(customer_id))
    if party is None:
        _require_bank(actor)
    else:
        require_visible(actor, party)
    _require_code("channel", channel, codes.CHANNELS)
    _require_code("cause", cause, codes.CAUSES)
    _require_code("severity", severity, codes.SEVERITIES)
    written, received = texts.checked(text), received_at or now()
    if received > now():
        raise BadInput(Text("收到时间不能晚于现在。", "It cannot have been received later than now."))
    _require_not_own(actor, about)
    complaint_id, received_on = _next_number(), business_date(received, settings().zone)
    key_id, key = own_keys.make()
    complaint = Complaint(
        complaint_id=complaint_id, customer_id=party, channel=channel, cause=cause, severity=severity,
        by_regulator=by_regulator, received_at=received, received_on=received_on, taken_by=actor.name,
        about=about or None, began_on=received_on, due_on=due_on(received_on, "plain"), key_id=key_id,
    )  # fmt: skip
    _save(complaint, new=True)
    _write_text(actor, complaint, "complaint", written, key)
    note(complaint=complaint_id, cause=cause, channel=channel, by_regulator=by_regulator)
    return complaint_id


@action(permission=_MAY_HANDLE, audit="complaint.accept", about="complaint")
def complaint_accept(actor: Actor, *, complaint_id: str) -> None:
    """Says that the complaint is the bank's to decide."""
    complaint = _handled(actor, complaint_id)
    complaint.state = "accepted"
    _save(complaint)


@action(permission=_MAY_HANDLE, audit="complaint.assign", about="complaint")
def complaint_assign(actor: Actor, *, complaint_id: str, handler: str) -> None:
    """Names who handles it, now or anew, and puts it to work; never the person complained about or their stand-in."""
    complaint = _handled(actor, complaint_id)
    if handler not in {each.user for each in staff.staff_holding(actor, _MAY_HANDLE)}:
        raise BadInput(
            Text(f"{handler} 不是有权处理投诉的在岗员工。", f"{handler} is nobody here who may handle complaints.")
        )
    _require_apart(actor, complaint, handler)
    if complaint.state == "closed":
        raise _wrong_state(complaint)
    if complaint.state == "received":
        complaint.state = "accepted"
        _save(complaint)
    complaint.handler = handler
    if complaint.state == "accepted":
        complaint.state = "in_progress"
    _save(complaint)
    note(handler=handler)


@action(permission=_MAY_HANDLE, audit="complaint.name", about="complaint")
def complaint_name(actor: Actor, *, complaint_id: str, about: str) -> None:
    """Names the person complained about, by log-in name; from then on they do not see it."""
    complaint = _handled(actor, complaint_id)
    _require_not_own(actor, about)
    if about == complaint.handler:
        raise Conflict(
            Text(
                "被投诉人正在处理此投诉：请先改派他人。",
                "The person complained about is handling it: name another handler first.",
            )
        )
    complaint.about = about or None
    _save(complaint)


@action(permission=_MAY_HANDLE, audit="complaint.extend", about="complaint")
def complaint_extend(
    actor: Actor, *, complaint_id: str, days_kind: str, approved_by: str = "", requested_by: str = ""
) -> None:
    """Extends the clock to ``days_kind`` (`clock.EXTENSIONS`). ``requested_by`` is the actor unless told.

    The special extension needs ``approved_by``, another person than who asked: the approvals app gives it.
    """
    complaint = _handled(actor, complaint_id)
    asked = requested_by or actor.person
    if complaint.state in ("answered", "closed"):
        raise _wrong_state(complaint)
    if days_kind not in EXTENSIONS.get(complaint.clock, ()):
        raise BadInput(
            Text(
                f"期限不能由 {complaint.clock} 延长为 {days_kind}。",
                f"{complaint.clock} is not extended to {days_kind}.",
            )
        )
    if days_kind in BY_APPROVAL and approved_by in ("", asked):
        raise Forbidden(
            Text(
                "再延 30 日须由他人批准：请提交审批。",
                "The special extension needs another person's approval: ask for it.",
            )
        )
    if days_kind in BY_APPROVAL:
        require_approved(actor, "complaint_extension")
    ComplaintExtension.objects.create(complaint=complaint, clock=days_kind, requested_by=asked, approved_by=approved_by)
    complaint.clock, complaint.due_on = days_kind, due_on(complaint.began_on, days_kind)
    _save(complaint)
    note(clock=days_kind, requested_by=asked, approved_by=approved_by)


@action(permission=_MAY_HANDLE, audit="complaint.answer", about="complaint")
def complaint_answer(actor: Actor, *, complaint_id: str, outcome: str, text: str) -> None:
    """Records what was decided and told; only its handler answers."""
    complaint = _handled(actor, complaint_id)
    if actor.person != complaint.handler:
        raise Forbidden(Text("只有经办人可以答复：请先指派。", "Only its handler answers: name one first."))
    _require_code("outcome", outcome, {name: each for name, each in codes.OUTCOMES.items() if name != "withdrawn"})
    _write_text(actor, complaint, "answer", texts.checked(text))
    complaint.state, complaint.outcome, complaint.answered_on = "answered", outcome, today()
    _save(complaint)
    note(outcome=outcome, in_time=complaint.answered_on <= complaint.due_on)


@action(permission=_MAY_HANDLE, audit="complaint.close", about="complaint")
def complaint_close(actor: Actor, *, complaint_id: str, withdrawn: bool = False) -> None:
    """Closes an answered complaint; with ``withdrawn``, one that the customer took back before an answer."""
    complaint = _handled(actor, complaint_id)
    if withdrawn:
        if complaint.state not in ("received", "accepted", "in_progress"):
            raise _wrong_state(complaint)
        complaint.outcome = "withdrawn"
    complaint.state = "closed"
    _save(complaint)
    note(outcome=complaint.outcome)


@action(permission="take_complaint", audit="complaint.review", about="complaint")
def complaint_review(actor: Actor, *, complaint_id: str, text: str) -> None:
    """The customer asks for a review: the clock begins anew, and selling stops again."""
    complaint = _handled(actor, complaint_id)
    if complaint.outcome == "withdrawn":
        raise _wrong_state(complaint)
    _write_text(actor, complaint, "review", texts.checked(text))
    complaint.state, complaint.clock, complaint.began_on = "review", "review", today()
    complaint.due_on, complaint.answered_on = due_on(complaint.began_on, "review"), None
    _save(complaint)


@action(permission="view_complaint", audit=_READ, about="complaint")
def complaint_read(actor: Actor, *, complaint_id: str, text_id: int, purpose: str) -> str:
    """One text in clear, for a purpose: for who handles complaints and for who took this one.

    Raises TooMany beyond the setting ``reveals_per_hour``, counted apart from fields of identities.
    """
    require_purpose(purpose)
    complaint = required(actor, complaint_id)
    if not may_read(actor, complaint):
        raise Forbidden(
            Text("投诉内容只对处理人员和登记人开放。", "The text is for who handles complaints and who took this one.")
        )
    require_room(actor, _READ, settings().reveals_per_hour)
    found = ComplaintText.visible_to(actor).filter(complaint_id=complaint_id, pk=text_id).first()
    if found is None:
        raise BadInput(Text("没有这段内容。", "There is no such text."))
    note(text=text_id, kind=found.kind)
    return texts.opened(complaint.key_id, found.kind, bytes(found.sealed))


def _handled(actor: Actor, complaint_id: str) -> Complaint:
    """The complaint, its row locked; NotFound where it is not visible, Forbidden for a stand-in of whom it is about."""
    complaint = required(actor, complaint_id, lock=True)
    if actor.may(_MAY_HANDLE):
        _require_apart(actor, complaint, actor.person)
    return complaint


def _require_apart(actor: Actor, complaint: Complaint, handler: str) -> None:
    """Neither the person complained about handles it, nor who stands in for them and holds their rights."""
    if complaint.about is None:
        return
    if handler == complaint.about or complaint.about in staff.stands_in_for(actor, handler):
        raise Forbidden(
            Text(
                "被投诉人及其代岗人不得处理此投诉：请指派他人。",
                "Neither the person complained about nor who stands in for them handles it: name somebody else.",
            )
        )


def _require_not_own(actor: Actor, about: str | None) -> None:
    if about and about in (actor.name, actor.on_behalf_of):
        raise BadInput(
            Text("投诉的是您本人：请由同事登记。", "The complaint is about yourself: let a colleague write it down.")
        )


def _save(complaint: Complaint, new: bool = False) -> None:
    """Writes the row; what the database refuses becomes a fault that says what to do."""
    try:
        with transaction.atomic():
            complaint.save(force_insert=new, force_update=not new)
    except IntegrityError as fault:
        if "is_a_user" in str(fault):
            raise BadInput(Text("没有这位员工：请核对登录名。", "Nobody here has that log-in name.")) from None
        raise _wrong_state(complaint) from None


def _wrong_state(complaint: Complaint) -> Conflict:
    return Conflict(
        Text(
            f"投诉 {complaint.complaint_id} 的状态不允许这样做：请刷新后再看。",
            f"Complaint {complaint.complaint_id} stands where this cannot be done: reload and look again.",
        )
    )


def _write_text(actor: Actor, complaint: Complaint, kind: str, text: str, key: bytes | None = None) -> None:
    sealed = texts.sealed(complaint.key_id, key or own_keys.get(complaint.key_id), kind, text)
    ComplaintText.objects.create(complaint=complaint, kind=kind, sealed=sealed, written_by=actor.name)


def _next_number() -> str:
    year = today().year
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO service_complaintnumber AS given (year, last) VALUES (%s, 1)"
            " ON CONFLICT (year) DO UPDATE SET last = given.last + 1 RETURNING last",
            [year],
        )
        return f"C{year}-{cursor.fetchone()[0]:06d}"


def _require_bank(actor: Actor) -> None:
    if not actor.scope.bank:
        raise BadInput(
            Text(
                "未知客户的投诉由总行客服登记：请先查到客户，或转交客服。",
                "A stranger's complaint is taken by the whole bank's service: find the customer first, or pass it on.",
            )
        )


def _require_code(what: str, code: str, known: dict[str, Text]) -> None:
    if code not in known:
        raise BadInput(
            Text(
                f"{what} {code[:40]!r} 不可用。可选：{'、'.join(known)}。",
                f"{what} {code[:40]!r} is unknown. There are: {', '.join(known)}.",
            )
        )
