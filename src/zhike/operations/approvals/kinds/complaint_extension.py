"""Thirty days more for a specially complex complaint (DOMAIN section 3, Complaints)."""

from dataclasses import dataclass
from datetime import timedelta

from zhike.core.actor import Actor
from zhike.core.errors import BadInput
from zhike.core.text import Text
from zhike.operations.approvals.effect import Count, Effect
from zhike.operations.approvals.kind import Approved, Kind, kinds
from zhike.operations.approvals.payload import asked
from zhike.operations.service import actions, queries
from zhike.operations.service.clock import DAYS, EXTENSIONS

_SPECIAL = "special"


@dataclass(frozen=True)
class ComplaintExtension:
    """Which complaint."""

    complaint: str = asked(Text("投诉编号", "Complaint"), most=16)


def _effect(actor: Actor, wanted: ComplaintExtension) -> Effect:
    row = queries.complaint_get(actor, wanted.complaint).row
    if row.state in ("answered", "closed") or _SPECIAL not in EXTENSIONS.get(row.clock, ()):
        raise BadInput(
            Text(
                "只有仍在处理、且已按“情况复杂”延期的投诉可以再延 30 日。",
                "Only a complaint that is at work, and was extended as complex before, has thirty days more.",
            )
        )
    more = DAYS[_SPECIAL] - DAYS[row.clock]
    later = row.due_on + timedelta(days=more)
    moves = Text(
        f"答复期限由 {row.due_on} 延至 {later}，共延 {{days}} 日。",
        f"The bank must answer by {later} instead of {row.due_on}: {{days}} days more.",
    )
    return Effect((Count("days", Text("延长天数", "Days more"), more),), (moves,))


def _apply(actor: Actor, wanted: ComplaintExtension, approved: Approved) -> None:
    actions.complaint_extend(
        actor, complaint_id=wanted.complaint, days_kind=_SPECIAL, approved_by=actor.name, requested_by=approved.maker
    )


def _seen(actor: Actor, wanted: ComplaintExtension) -> bool:
    """Whom a complaint is about never learns of it, by whatever road."""
    return not actor.may("view_complaint") or queries.complaint_is_visible(actor, wanted.complaint)


COMPLAINT_EXTENSION = kinds.register(
    Kind(
        name="complaint_extension",
        title=Text("投诉延期", "Complaint extension"),
        meaning=Text("特别复杂的投诉，经批准再延 30 日", "Thirty days more for a specially complex complaint"),
        payload=ComplaintExtension,
        ask="handle_complaint",
        sign="handle_complaint",
        effect=_effect,
        apply=_apply,
        expiry_days=3,
        tolerance=0,
        seen=_seen,
    )
)
