"""What governance does: users, and the reveal of one identity field."""

import re
import secrets
from datetime import timedelta

from django.db import connection
from django.db.models.functions import Now

from zhike.core.actor import Actor
from zhike.core.clock import now
from zhike.core.errors import BadInput, Conflict, NotFound, TooMany
from zhike.core.settings import settings
from zhike.core.text import Locale, Text
from zhike.operations.governance.acting import action, note
from zhike.operations.governance.approved import require_approved
from zhike.operations.governance.belonging import covers_end, require_another
from zhike.operations.governance.hands import given_by, require_other_hand
from zhike.operations.governance.known_users import active_staff_named, no_active_user, user_named
from zhike.operations.governance.models import AuditEntry, User
from zhike.operations.governance.purpose import require_purpose
from zhike.operations.governance.roles import CARDHOLDER, PRIVILEGED, role
from zhike.operations.governance.sessions import end_all
from zhike.operations.governance.vault import KEPT, open_vault, party_of
from zhike.operations.governance.visibility import require_visible

REVEAL = "identity.reveal"
_USER_NAME = re.compile(r"[A-Za-z0-9._@-]{1,64}")
_REVEALING = 0x7A68_7276  # the advisory lock of whoever reveals, with the actor's name


@action(permission="manage_users", audit="user.create", about="user")
def user_create(actor: Actor, *, user: str, role_name: str, locale: Locale = "zh") -> str:
    """Makes a member of staff and returns the freshly generated password, which is kept nowhere in clear.

    Whoever is to sign, to manage users or to take data out begins with a lesser role: else one administrator would
    make the second person by themselves.
    """
    if role(role_name).permissions & PRIVILEGED:
        require_approved(actor, "role_change")
    note(role=role(role_name).name)
    return _create(actor, user, role=role_name, locale=locale)


@action(permission="manage_users", audit="cardholder.create", about="customer")
def cardholder_create(actor: Actor, *, user: str, customer_id: str, locale: Locale = "zh") -> str:
    """Makes the log-in of a cardholder, bound to the one customer for good; returns the password."""
    party = str(party_of(customer_id))
    if User.objects.filter(party_id=party).exists():
        raise Conflict(Text("该客户已有登录账号。", "This customer has a log-in already."))
    note(user=user)
    return _create(actor, user, role=CARDHOLDER, party_id=party, locale=locale)


def _create(actor: Actor, user: str, **fields: str) -> str:
    if not _USER_NAME.fullmatch(user):
        raise BadInput(
            Text(
                f"用户名 {user[:80]!r} 不可用：请用 1 到 64 个英文字母、数字或 . _ - @。",
                f"{user[:80]!r} cannot be a user name: write 1 to 64 letters a to z, digits or . _ - @.",
            )
        )
    if User.objects.filter(username__iexact=user).exists():
        raise Conflict(
            Text(
                f"用户 {user} 已存在：请换一个用户名，或重置其密码。",
                f"User {user} exists: choose another name, or reset the password with: zhike user reset {user}",
            )
        )
    password = secrets.token_urlsafe(12)
    giver = given_by(actor)
    User.objects.create_user(
        user, password, password_given_by=giver, password_given_at=now(), password_once=bool(giver), **fields
    )
    return password


@action(permission="manage_users", audit="user.reset", about="user")
def user_reset(actor: Actor, *, user: str) -> str:
    """Gives a user a fresh password and returns it; sessions opened under the old one end. Never oneself.

    Raises BadInput to who reset the second factor a few days ago: nobody takes both (`hands`).
    """
    require_another(actor, user)
    found = user_named(user, lock=True)
    require_other_hand(actor, found.factor_reset_by, found.factor_reset_at)
    password = secrets.token_urlsafe(12)
    found.set_password(password)
    found.password_given_by, found.password_given_at = given_by(actor), now()
    found.password_once = bool(found.password_given_by)
    found.save(update_fields=["password", "password_given_by", "password_given_at", "password_once"])
    note(sessions=end_all(user, by=actor.name))
    return password


@action(permission="manage_users", audit="user.role_change", about="user")
def user_role_change(actor: Actor, *, user: str, role_name: str) -> None:
    """Gives a user another role, effective with their next request; a second person must have signed for it."""
    require_approved(actor, "role_change")
    require_another(actor, user)
    found = active_staff_named(user)
    note(role_before=found.role, role=role(role_name).name, sessions=end_all(user, by=actor.name))
    note(covers_ended=covers_end(found))
    found.role = role_name
    found.save(update_fields=["role"])


@action(permission="manage_users", audit="user.disable", about="user")
def user_disable(actor: Actor, *, user: str) -> None:
    """The user may log in no more; open sessions and API keys are closed at once. Never oneself."""
    require_another(actor, user)
    if not User.objects.filter(username=user, is_active=True).update(is_active=False):
        raise no_active_user(user)
    note(sessions=end_all(user, by=actor.name))


@action(permission="manage_users", audit="user.enable", about="user")
def user_enable(actor: Actor, *, user: str) -> None:
    """The user may log in again, with the role and the branches they have; a second person signs where that role holds
    what no one gives alone."""
    found = User.objects.select_for_update().filter(username=user, is_active=False).first()
    if found is None:
        raise NotFound(Text(f"没有已停用的用户 {user}。", f"There is no disabled user {user}."))
    if found.party_id is None and role(found.role).permissions & PRIVILEGED:
        require_approved(actor, "user_enable")
    found.is_active = True
    found.save(update_fields=["is_active"])


@action(permission="reveal_identity", audit=REVEAL, about="customer")
def identity_reveal(actor: Actor, *, customer_id: str, field: str, purpose: str) -> str:
    """One personal field in clear; the entry says who saw which field of whom, and why.

    Raises TooMany, which is on record as ``stopped``, beyond the settings ``reveals_per_hour`` (fields) and
    ``revealed_per_day`` (customers).
    """
    if field not in KEPT:
        raise BadInput(
            Text(
                f"没有身份字段 {field!r}。现有：{'、'.join(KEPT)}。",
                f"{field!r} is no identity field. There are: {', '.join(KEPT)}.",
            )
        )
    require_purpose(purpose)
    party = party_of(customer_id)
    require_visible(actor, str(party))
    _within_the_limits(actor, str(party))
    value = open_vault().read(party).get(field)
    if value is None:
        raise NotFound(
            Text(f"没有记录该客户的 {field}。", f"The vault has no {field.replace('_', ' ')} of this customer.")
        )
    note(field=field)
    return value


def _within_the_limits(actor: Actor, customer_id: str) -> None:
    """Counts what the actor saw by the audit log; the lock makes many requests at once wait for each other's entry."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_REVEALING, f"{actor.kind}:{actor.name}"])
    seen = AuditEntry.objects.filter(actor_kind=actor.kind, actor_name=actor.name, action=REVEAL, outcome="done")
    most = settings().reveals_per_hour
    if seen.filter(at__gt=Now() - timedelta(hours=1)).count() >= most:
        raise TooMany(
            Text(
                f"一小时内最多查看 {most} 项明文身份，您已达上限：请稍后再试；如工作需要，请联系管理员。",
                f"At most {most} identity fields may be seen in clear in an hour, and you have seen them: "
                "try again later, or ask an administrator if your work needs more.",
            )
        )
    most = settings().revealed_per_day
    people = seen.filter(at__gt=Now() - timedelta(days=1)).exclude(object_id=customer_id)
    if people.values("object_id").distinct().count() >= most:
        raise TooMany(
            Text(
                f"24 小时内最多查看 {most} 位客户的明文身份，您已达上限：请明天再试；如工作需要，请联系管理员。",
                f"The identity of at most {most} customers may be seen in clear in 24 hours, and you have seen theirs: "
                "try again tomorrow, or ask an administrator if your work needs more.",
            )
        )
