"""How a complaint is found: through `visible_to`, and NotFound alike for another's and for none."""

from zhike.core.actor import Actor
from zhike.core.errors import NotFound
from zhike.core.text import Text
from zhike.operations.service.models import Complaint


def required(actor: Actor, complaint_id: str, lock: bool = False) -> Complaint:
    """The complaint, its row locked when asked; raises NotFound."""
    rows = Complaint.visible_to(actor).filter(complaint_id=complaint_id)
    found: Complaint | None = (rows.select_for_update() if lock else rows).first()
    if found is None:
        raise NotFound(Text("没有这件投诉。", "There is no such complaint."))
    return found


def may_read(actor: Actor, complaint: Complaint) -> bool:
    """Whether its texts and files are open to one who sees it: who handles complaints, who took it, whose it is."""
    return actor.may("handle_complaint") or actor.kind == "cardholder" or actor.name == complaint.taken_by
