"""What customers say and what is done to them, put down as the apps' own actions put it down."""

import uuid
from datetime import datetime
from typing import Any

from zhike.core.actor import Actor
from zhike.core.clock import now
from zhike.operations.contact.models import Consent, Contact
from zhike.operations.governance.acting import action
from zhike.operations.governance.actors import system_actor
from zhike.operations.service import actions as service


@action(permission="record_consent", audit="consent.record", about="customer")
def _say(actor: Actor, *, customer_id: str, values: dict[str, Any]) -> None:
    Consent.objects.create(customer_id=customer_id, key=uuid.uuid4().hex, asked="", **values)


@action(permission="record_contact", audit="contact.record", about="customer")
def _contact(actor: Actor, *, customer_id: str, values: dict[str, Any]) -> None:
    Contact.objects.create(customer_id=customer_id, key=uuid.uuid4().hex, asked="", **values)


def says(
    customer_id: str, given: bool, channel: str = "all", purpose: str = "marketing", at: datetime | None = None
) -> None:
    """The customer agrees or withdraws."""
    _say(
        system_actor(), customer_id=customer_id,
        values={"given": given, "channel": channel, "purpose": purpose, "source": "branch", "said_by": "customer",
                "wording_version": "1" if given else "", "recorded_by": "test", "effective_at": at or now()},
    )  # fmt: skip


def contacted(customer_id: str, at: datetime | None = None, purpose: str = "marketing", state: str = "sent") -> None:
    """The bank turned to the customer."""
    instant = at or now()
    ended = {"ended_at": instant} if state == "failed" else {}
    _contact(
        system_actor(), customer_id=customer_id,
        values={"purpose": purpose, "channel": "sms", "state": state, "planned_at": instant, "made_by": "test",
                "sent_at": None if state == "planned" else instant, **ended},
    )  # fmt: skip


def complains(customer_id: str) -> str:
    """The customer complains; the number of the complaint."""
    return service.complaint_take(
        system_actor(), customer_id=customer_id, channel="phone", cause="fees", text="年费收错了", about=None
    )


def is_answered(complaint: str) -> None:
    """The customer takes the complaint back; it is closed."""
    service.complaint_close(system_actor(), complaint_id=complaint, withdrawn=True)
