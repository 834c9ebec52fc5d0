"""API keys: a program acts for its owner, with less than the owner's rights, until a day.

A key reads ``zk_<id>_<secret>`` and is shown once; of the secret a keyed hash is kept. What it may do is what was
written into it *and* what its owner may do on the day of the call, on the rows the owner sees that day: an owner who is
disabled or demoted takes the key along. Some rights are for people only and enter no key.
"""

import hmac
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models.functions import Now

from zhike.core.actor import Actor
from zhike.core.clock import now
from zhike.core.errors import BadInput, NotFound
from zhike.core.ids import lettered
from zhike.core.settings import settings
from zhike.core.text import Locale, Text
from zhike.core.workspace import workspace
from zhike.operations.governance.acting import action, note, query, transaction_of
from zhike.operations.governance.actors import owns_machine
from zhike.operations.governance.attempts import door_actor
from zhike.operations.governance.belonging import rights_and_scope, today
from zhike.operations.governance.known_users import active_staff_named
from zhike.operations.governance.models import ApiKey
from zhike.operations.governance.roles import PERMISSIONS

LONGEST_DAYS = 366
# What a person answers for, by their own log-in.
FOR_PEOPLE_ONLY = frozenset(
    (
        "manage_users", "manage_keys", "manage_own_account", "make_request", "sign_request", "reveal_identity",
        "rotate_master_key", "erase_person",
    )
)  # fmt: skip
# Who makes a key for somebody else holds it too, and would read by it what is about themselves.
_FOR_OWN_KEY_ONLY = frozenset(("view_complaint", "handle_complaint"))
_SHAPE = re.compile(r"zk_([0-9a-z]{12})_([A-Za-z0-9_-]{43})")
_USED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Key:
    """What is told of a key; never its secret."""

    key_id: str
    title: str
    owner: str
    permissions: tuple[str, ...]
    made_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None

    @property
    def state(self) -> str:
        """``valid``, ``revoked`` or ``expired``."""
        return "revoked" if self.revoked_at else "expired" if self.expires_at <= now() else "valid"


@action(permission="manage_keys", audit="key.make", about="owner")
def key_make(actor: Actor, *, owner: str, title: str, permissions: Collection[str], last_day: date) -> str:
    """Makes a key and returns it, this once.

    Raises BadInput for a right that its owner or its maker lacks today, or for a last day after a year.
    """
    found = active_staff_named(owner)
    wanted, days = frozenset(permissions), (last_day - today()).days
    if wanted & _FOR_OWN_KEY_ONLY and owner != actor.name and not owns_machine(actor):
        raise BadInput(
            Text(
                "查看或处理投诉的密钥只能由其所有者本人制作。",
                "A key that sees or handles complaints is made by its owner: who makes it for another could read by it "
                "what is about themselves.",
            )
        )
    _require_rights(wanted, rights_and_scope(found, today())[1] & actor.permissions)
    if not 0 <= days < LONGEST_DAYS:
        raise BadInput(
            Text(f"最后一天须在今天起 {LONGEST_DAYS} 天之内。", f"The last day is within {LONGEST_DAYS} days of today.")
        )
    if not 0 < len(title.strip()) <= 64:  # the width of the column
        raise BadInput(Text("请写明用途（1 到 64 个字）。", "Say in 1 to 64 letters what the key is for."))
    key_id, secret = lettered(secrets.token_hex(6)), secrets.token_urlsafe(32)
    ApiKey.objects.create(
        id=key_id, secret_hash=_hash(key_id, secret), owner=found, title=title.strip(), permissions=sorted(wanted),
        made_by=actor.name, expires_at=_end_of(last_day),
    )  # fmt: skip
    note(key=key_id, permissions=" ".join(sorted(wanted)), last_day=last_day.isoformat())
    return f"zk_{key_id}_{secret}"


@action(permission="manage_keys", audit="key.revoke", about="key")
def key_revoke(actor: Actor, *, key_id: str) -> None:
    """From now on the key opens nothing; its row is kept."""
    if not ApiKey.objects.filter(id=key_id, revoked_at__isnull=True).update(revoked_at=Now(), revoked_by=actor.name):
        raise NotFound(Text(f"没有有效的密钥 {key_id}。", f"There is no key {key_id} in force."))


@query(permission="manage_keys")
def keys_list(actor: Actor) -> list[Key]:
    """Every key, the newest first."""
    return [
        Key(row.id, row.title, row.owner.username, tuple(row.permissions), row.made_at, row.expires_at,
            row.last_used_at, row.revoked_at)
        for row in ApiKey.visible_to(actor).select_related("owner").order_by("-made_at", "id")
    ]  # fmt: skip


def key_actor(presented: str) -> Actor | None:
    """The actor of a call with this key; None for whatever is wrong with it, told apart by nothing."""
    shape = _SHAPE.fullmatch(presented)
    key_id, secret = shape.groups() if shape else ("", "")
    with transaction_of(door_actor("API key"), read_only=False):
        row = ApiKey.objects.filter(id=key_id).select_related("owner").first()
        fits = hmac.compare_digest(_hash(key_id, secret), bytes(row.secret_hash) if row else bytes(32))
        if row is None or not fits or row.revoked_at or row.expires_at <= now() or not row.owner.is_active:
            return None
        if row.last_used_at is None or now() - row.last_used_at > _USED_EVERY:
            ApiKey.objects.filter(id=row.id).update(last_used_at=Now())
        return _acting(row)


def _acting(row: ApiKey) -> Actor:
    roles, rights, scope = rights_and_scope(row.owner, today())
    locale: Locale = "en" if row.owner.locale == "en" else "zh"
    allowed = rights & frozenset(row.permissions) - FOR_PEOPLE_ONLY
    return Actor("key", f"zk_{row.id}", allowed, row.owner.username, "API key", locale, roles, scope)


def _require_rights(wanted: frozenset[str], allowed: frozenset[str]) -> None:
    if not wanted or not wanted <= PERMISSIONS.keys():
        unknown = ", ".join(sorted(wanted - PERMISSIONS.keys()))
        raise BadInput(
            Text(f"请选择已有的权限（未知：{unknown}）。", f"Choose rights that exist (unknown: {unknown}).")
        )
    beyond = wanted - (allowed - FOR_PEOPLE_ONLY)
    if beyond:
        named = ", ".join(sorted(beyond))
        raise BadInput(
            Text(
                f"密钥不能有这些权限：{named}。它们仅限本人使用，或超出所有者或您的权限。",
                f"A key cannot have {named}: for people only, or beyond the rights of its owner or yours.",
            )
        )


def _hash(key_id: str, secret: str) -> bytes:
    return hmac.digest(workspace().secret("api-keys"), f"{key_id}\x1f{secret}".encode(), "sha256")


def _end_of(day: date) -> datetime:
    """The end of the bank's day."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(settings().zone))
