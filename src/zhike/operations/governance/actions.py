"""What governance does: users, and the reveal of one identity field."""

import secrets

from zhike.core.actor import Actor
from zhike.core.errors import BadInput, Conflict, NotFound
from zhike.core.text import Locale, Text
from zhike.operations.governance.acting import action, note
from zhike.operations.governance.models import User
from zhike.operations.governance.roles import role
from zhike.operations.governance.vault import KEPT, open_vault, party_of


@action(permission="manage_users", audit="user.create", about="user")
def user_create(actor: Actor, *, user: str, role_name: str, locale: Locale = "zh") -> str:
    """Makes a user and returns the freshly generated password, which is kept nowhere in clear."""
    if User.objects.filter(username=user).exists():
        raise Conflict(f"User {user} exists: choose another name, or reset the password with: zhike user reset {user}")
    password = secrets.token_urlsafe(12)
    User.objects.create_user(user, password, role=role(role_name).name, locale=locale)
    note(role=role_name)
    return password


@action(permission="manage_users", audit="user.reset", about="user")
def user_reset(actor: Actor, *, user: str) -> str:
    """Gives a user a fresh password and returns it; sessions opened under the old one end."""
    found = User.objects.filter(username=user).first()
    if found is None:
        raise NotFound(f"There is no user {user}.")
    password = secrets.token_urlsafe(12)
    found.set_password(password)
    found.save(update_fields=["password"])
    return password


@action(permission="reveal_identity", audit="identity.reveal", about="customer")
def identity_reveal(actor: Actor, *, customer_id: str, field: str, purpose: str) -> str:
    """One personal field in clear; the entry says who saw which field of whom, and why."""
    if field not in KEPT:
        raise BadInput(
            Text(
                f"没有身份字段 {field!r}。现有：{'、'.join(KEPT)}。",
                f"{field!r} is no identity field. There are: {', '.join(KEPT)}.",
            )
        )
    if not purpose.strip():
        raise BadInput(Text("请说明查看用途。", "A purpose is needed: say in a few words why you look."))
    value = open_vault().read(party_of(customer_id)).get(field)
    if value is None:
        raise NotFound(
            Text(f"没有记录该客户的 {field}。", f"The vault has no {field.replace('_', ' ')} of this customer.")
        )
    note(field=field)
    return value
