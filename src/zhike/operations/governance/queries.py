"""What governance tells: users, and identities masked."""

from dataclasses import dataclass
from uuid import UUID

from zhike.core.actor import Actor
from zhike.operations.governance.acting import query
from zhike.operations.governance.masking import mask
from zhike.operations.governance.models import User
from zhike.operations.governance.vault import open_vault


@dataclass(frozen=True)
class Identity:
    """A customer's identity by field, masked; a field the vault does not hold is absent."""

    customer_id: str
    fields: dict[str, str]


@query(permission="view_customer")
def identity_masked(actor: Actor, customer_id: str) -> Identity:
    """Name, phone, ID number, address and customer number, each masked by the one policy."""
    clear = open_vault().read(UUID(customer_id))
    return Identity(customer_id, {field: mask(field, value) for field, value in sorted(clear.items())})


@query(permission="manage_users")
def user_list(actor: Actor) -> list[str]:
    """The names of all users, in order."""
    return list(User.objects.order_by("username").values_list("username", flat=True))
