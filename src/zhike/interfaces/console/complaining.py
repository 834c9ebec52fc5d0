"""How pages show a complaint: its codes in words, how its clock stands, and what its reader may do with it."""

from typing import Any

from zhike.core.actor import Actor
from zhike.operations.governance import staff
from zhike.operations.service import clock, codes
from zhike.operations.service.queries import ComplaintPage, ComplaintRow

_ICONS = {
    "received": "inbox", "accepted": "check", "assigned": "user-check", "in_progress": "workflow", "named": "user",
    "extended": "alarm-clock", "answered": "send", "review": "undo-2", "closed": "circle-check",
}  # fmt: skip


def words(row: ComplaintRow) -> dict[str, Any]:
    """The codes as texts; ``clock_state`` is ``late``, ``soon`` or empty, ``days`` how many either way."""
    left = row.days_left
    return {
        "state": codes.STATES[row.state],
        "cause": codes.CAUSES[row.cause],
        "channel": codes.CHANNELS[row.channel],
        "severity": codes.SEVERITIES[row.severity],
        "clock_state": "" if left is None or left > clock.SOON_DAYS else "soon" if left >= 0 else "late",
        "days": None if left is None else abs(left),
    }


def told(found: ComplaintPage) -> dict[str, Any]:
    """Its steps and texts under their titles; who acted, by log-in name."""
    return {
        "steps": [
            {"step": one, "title": codes.STEPS[one.step], "icon": _ICONS[one.step], "who": _who(one.actor)}
            for one in found.steps
        ],
        "texts": [{"text": one, "title": codes.TEXTS[one.kind]} for one in found.texts],
        "outcome": codes.OUTCOMES.get(found.row.outcome),
        "clock_kind": clock.KINDS[found.row.clock],
    }


def doing(actor: Actor, row: ComplaintRow) -> dict[str, Any]:
    """What may be done with a complaint that stands so."""
    handles, early = actor.may("handle_complaint"), row.state in ("received", "accepted", "in_progress")
    longer = clock.EXTENSIONS[row.clock] if handles and (early or row.state == "review") else ()
    colleagues = staff.staff_holding(actor, "handle_complaint") if handles and row.state != "closed" else []
    answered = row.state in ("answered", "closed") and row.outcome != "withdrawn"
    return {
        "handles": handles,
        "can_accept": handles and row.state == "received",
        "handlers": [one for one in colleagues if one.user not in (row.about, row.handler)],
        "extensions": [(kind, clock.KINDS[kind]) for kind in longer if kind not in clock.BY_APPROVAL],
        "by_approval": any(kind in clock.BY_APPROVAL for kind in longer),
        "can_answer": handles and row.handler == actor.name and row.state in ("in_progress", "review"),
        "outcomes": [(code, title) for code, title in codes.OUTCOMES.items() if code != "withdrawn"],
        "can_close": handles and row.state == "answered",
        "can_withdraw": handles and early,
        "can_review": actor.may("take_complaint") and answered,
    }


def _who(acted: str) -> str:
    return acted.partition(":")[2] or acted
