"""Files of a complaint follow its texts: for who handles complaints and who took this one; never whom it is about."""

from zhike.core.actor import Actor
from zhike.core.errors import Forbidden
from zhike.core.text import Text
from zhike.operations.service.reading import may_read, required


def of_complaint(actor: Actor, complaint_id: str, _keeping: bool) -> str | None:
    """The rule that `files.owners` asks."""
    complaint = required(actor, complaint_id)
    if not may_read(actor, complaint):
        raise Forbidden(
            Text(
                "投诉内容只对处理人员和登记人开放。",
                "What it holds is for who handles complaints and who took this one.",
            )
        )
    return complaint.customer_id
