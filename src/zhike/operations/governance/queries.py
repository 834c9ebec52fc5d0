"""What governance tells: users, and identities masked."""

from dataclasses import dataclass, replace

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from zhike.core.actor import Actor
from zhike.core.errors import Forbidden
from zhike.core.text import Locale, Text
from zhike.operations.governance.acting import query
from zhike.operations.governance.actors import cardholder_actor
from zhike.operations.governance.belonging import rights_and_scope, today
from zhike.operations.governance.masking import mask
from zhike.operations.governance.models import User, VaultErased
from zhike.operations.governance.vault import open_vault, party_of
from zhike.operations.governance.visibility import require_visible

_MOST_FOUND = 50


@dataclass(frozen=True)
class Identity:
    """A customer's identity by field, masked; a field the vault does not hold is absent, of the ``erased`` all are."""

    customer_id: str
    fields: dict[str, str]
    erased: bool = False


def actor_of(user: AbstractBaseUser | AnonymousUser, *, locale: Locale = "zh", purpose: str | None = None) -> Actor:
    """Who a logged-in user is towards actions and queries: staff with the rights of the day, or a cardholder with the
    rows of their own; raises Forbidden for anybody else."""
    if not isinstance(user, User) or not user.is_active:
        raise Forbidden(Text("请先登录。", "Log in first."))
    if user.party_id is not None:
        return replace(cardholder_actor(user.party_id, locale), name=user.username, purpose=purpose)
    roles, permissions, scope = rights_and_scope(user, today())
    return Actor("staff", user.username, permissions, None, purpose, locale, roles, scope)


@query(permission="view_jobs")
def staff_now(actor: Actor, name: str) -> Actor:
    """Who a member of staff is today, for a job that acts for them; raises Forbidden when they may not log in."""
    return actor_of(User.objects.filter(username=name).first() or AnonymousUser())


@query(permission="view_customer")
def identity_masked(actor: Actor, customer_id: str) -> Identity:
    """Name, phone, ID number, address and customer number, each masked by the one policy."""
    party = party_of(customer_id)
    require_visible(actor, str(party))
    clear = open_vault().read(party)
    erased = not clear and VaultErased.objects.filter(party_id=party).exists()
    return Identity(customer_id, {field: mask(field, value) for field, value in sorted(clear.items())}, erased)


@query(permission="search_customer")
def party_find(actor: Actor, text: str) -> list[tuple[str, str]]:
    """Parties one of whose searchable fields equals the text: (field, party id), each party once, at most 50."""
    vault = open_vault()
    found: dict[str, str] = {}
    for field in _fields_like(text):
        for party in vault.find(field, text):
            found.setdefault(str(party), field)
    return [(field, party) for party, field in found.items()][:_MOST_FOUND]


@query(permission="manage_users")
def user_list(actor: Actor) -> list[str]:
    """The names of all users, in order."""
    return list(User.objects.order_by("username").values_list("username", flat=True))


def _fields_like(text: str) -> list[str]:
    """The fields that such a text can be; what is too short to be one is not looked for."""
    bare = "".join(text.split())
    if len(bare) < 2:
        return []
    if len(bare) == 4 and bare.isdigit():
        return ["phone_last4", "card_last4", "customer_number"]
    return ["full_name", "phone", "id_number", "customer_number", "card_number"]
