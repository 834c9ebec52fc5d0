"""What the erasure of a person does to their complaints: the texts go, what was decided and when stays."""

from zhike.core.actor import Actor
from zhike.core.errors import Conflict
from zhike.core.text import Text
from zhike.operations.governance import own_keys
from zhike.operations.governance.acting import action, note, query
from zhike.operations.governance.approved import require_approved
from zhike.operations.governance.erasing import hidden_too
from zhike.operations.service.models import Complaint
from zhike.operations.service.queries import open_of


@query(permission="erase_person")
def complaints_allow_erasure(actor: Actor, customer_id: str) -> None:
    """Raises Conflict while a complaint of the customer is open: it could not be answered any more."""
    if open_of([customer_id]):
        raise Conflict(
            Text(
                "该客户有未办结的投诉：请办结后再销毁。",
                "A complaint of this customer is open: answer and close it first.",
            )
        )


@action(permission="erase_person", audit="complaint.erase", about="customer")
def complaints_erase(actor: Actor, *, customer_id: str) -> None:
    """Destroys the keys of the texts of all complaints of a customer, whomever they are about."""
    require_approved(actor, "person_erasure")
    with hidden_too():
        keys = list(Complaint.objects.filter(customer_id=customer_id).values_list("key_id", flat=True))
    note(complaints=len(keys), keys_destroyed=own_keys.destroy(keys))
