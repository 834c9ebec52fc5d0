"""What governance does: users, and the reveal of one identity field."""

import re
import secrets
from datetime import timedelta

from django.db import connection
from django.db.models.functions import Now

from zhike.core.actor import Actor
from zhike.core.errors import BadInput, Conflict, NotFound, TooMany
from zhike.core.settings import settings
from zhike.core.text import Locale, Text
from zhike.operations.governance.acting import action, note
from zhike.operations.governance.models import AuditEntry, User
from zhike.operations.governance.roles import role
from zhike.operations.governance.vault import KEPT, open_vault, party_of

REVEAL = "identity.reveal"
_USER_NAME = re.compile(r"[A-Za-z0-9._@-]{1,64}")
_REVEALING = 0x7A68_7276  # the advisory lock of whoever reveals, with the actor's name


@action(permission="manage_users", audit="user.create", about="user")
def user_create(actor: Actor, *, user: str, role_name: str, locale: Locale = "zh") -> str:
    """Makes a user and returns the freshly generated password, which is kept nowhere in clear."""
    if not _USER_NAME.fullmatch(user):
        raise BadInput(
            Text(
                f"用户名 {user[:80]!r} 不可用：请用 1 到 64 个英文字母、数字或 . _ - @。",
                f"{user[:80]!r} cannot be a user name: write 1 to 64 letters a to z, digits or . _ - @.",
            )
        )
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


@action(permission="reveal_identity", audit=REVEAL, about="customer")
def identity_reveal(actor: Actor, *, customer_id: str, field: str, purpose: str) -> str:
    """One personal field in clear; the entry says who saw which field of whom, and why.

    Raises TooMany beyond the setting ``reveals_per_hour``.
    """
    if field not in KEPT:
        raise BadInput(
            Text(
                f"没有身份字段 {field!r}。现有：{'、'.join(KEPT)}。",
                f"{field!r} is no identity field. There are: {', '.join(KEPT)}.",
            )
        )
    if not purpose.strip():
        raise BadInput(Text("请说明查看用途。", "A purpose is needed: say in a few words why you look."))
    _within_the_hour(actor)
    value = open_vault().read(party_of(customer_id)).get(field)
    if value is None:
        raise NotFound(
            Text(f"没有记录该客户的 {field}。", f"The vault has no {field.replace('_', ' ')} of this customer.")
        )
    note(field=field)
    return value


def _within_the_hour(actor: Actor) -> None:
    """Counts what the actor saw by the audit log; the lock makes many requests at once wait for each other's entry."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_REVEALING, f"{actor.kind}:{actor.name}"])
    most = settings().reveals_per_hour
    seen = AuditEntry.objects.filter(
        actor_kind=actor.kind, actor_name=actor.name, action=REVEAL, outcome="done", at__gt=Now() - timedelta(hours=1)
    ).count()
    if seen >= most:
        raise TooMany(
            Text(
                f"一小时内最多查看 {most} 项明文身份，您已达上限：请稍后再试；如工作需要，请联系管理员。",
                f"At most {most} identity fields may be seen in clear in an hour, and you have seen them: "
                "try again later, or ask an administrator if your work needs more.",
            )
        )
