"""Open sessions: who is logged in, from where, since when; ended one by one, all others, or by an administrator.

A session is over when it was ended, unused for the setting ``session_idle_minutes``, or twelve hours old. What is told
is read anew for every request, so an end holds at once, in every process.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models.functions import Now

from zhike.core.actor import Actor
from zhike.core.clock import now
from zhike.core.errors import NotFound
from zhike.core.settings import settings
from zhike.core.text import Text
from zhike.operations.governance.acting import action, note, query, transaction_of
from zhike.operations.governance.attempts import door_actor
from zhike.operations.governance.known_users import user_named
from zhike.operations.governance.models import OpenSession, User

LONGEST = timedelta(hours=12)
_SEEN_EVERY = timedelta(minutes=1)
# What a browser says of itself -> in plain words, the first that fits; anything else it says is not kept.
_BROWSERS = (
    ("MicroMessenger", "WeChat"), ("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"),
    ("Safari", "Safari"), ("python|curl|java|Go-http", "program"),
)  # fmt: skip
_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"), ("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
    ("Mac OS X", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


@dataclass(frozen=True)
class Session:
    """One open session of somebody."""

    session_id: str
    device: str
    address: str
    began_at: datetime
    last_seen_at: datetime


def device_of(user_agent: str) -> str:
    """``Chrome · Windows``: what a browser says of itself, in plain words; empty where it says nothing known."""
    found = [next((word for sign, word in known if re.search(sign, user_agent)), "") for known in (_BROWSERS, _SYSTEMS)]
    return " · ".join(filter(None, found))


@action(permission="manage_own_account", audit="session.begin", about="user")
def session_begin(actor: Actor, *, user: str, address: str | None, user_agent: str) -> str:
    """Records a log-in; returns the id that the session keeps."""
    owner = User.objects.get(username=user)
    opened = OpenSession.objects.create(user=owner, address=address, device=device_of(user_agent))
    note(session=str(opened.id))
    return str(opened.id)


def is_open(session_id: str | None, user_id: int) -> bool:
    """Whether the session still holds; notes, once a minute, that it was used."""
    seen = _last_seen(door_actor("session"), session_id, user_id) if session_id else None
    if seen is None:
        return False
    if now() - seen > _SEEN_EVERY:
        with transaction_of(door_actor("session"), read_only=False):
            OpenSession.objects.filter(id=session_id).update(last_seen_at=Now())
    return True


@query(permission="manage_own_account")
def _last_seen(actor: Actor, session_id: str, user_id: int) -> datetime | None:
    mine = _open_ones().filter(id=_uuid(session_id), user_id=user_id)
    return mine.values_list("last_seen_at", flat=True).first()


@query(permission="manage_own_account")
def sessions_own(actor: Actor) -> list[Session]:
    """One's own open sessions, the last used first."""
    return _told(_open_ones().filter(user__username=actor.name))


@query(permission="manage_users")
def sessions_of(actor: Actor, user: str) -> list[Session]:
    """The open sessions of a user."""
    return _told(_open_ones().filter(user__username=user))


@action(permission="manage_own_account", audit="session.end", about="session")
def session_end(actor: Actor, *, session_id: str) -> None:
    """Ends one of one's own sessions; another's is not found, as one that does not exist."""
    mine = OpenSession.objects.filter(id=_uuid(session_id), user__username=actor.name, ended_at__isnull=True)
    if not mine.update(ended_at=Now(), ended_by=actor.name):
        raise NotFound(Text("没有这个会话，或已结束。", "There is no such session, or it has ended."))


@action(permission="manage_own_account", audit="session.end_others")
def sessions_end_others(actor: Actor, *, keep: str) -> int:
    """Ends all of one's own sessions but the one that is kept; returns how many."""
    others = OpenSession.objects.filter(user__username=actor.name, ended_at__isnull=True).exclude(id=_uuid(keep))
    ended = others.update(ended_at=Now(), ended_by=actor.name)
    note(sessions=ended)
    return ended


@action(permission="manage_users", audit="session.end_all", about="user")
def sessions_end_of(actor: Actor, *, user: str) -> int:
    """Ends every session of a user; returns how many."""
    user_named(user)
    ended = end_all(user, by=actor.name)
    note(sessions=ended)
    return ended


def end_all(user: str, *, by: str) -> int:
    """A part of actions that change what a user may do: every session of theirs is over."""
    return OpenSession.objects.filter(user__username=user, ended_at__isnull=True).update(ended_at=Now(), ended_by=by)


def _open_ones() -> Any:
    idle = timedelta(minutes=settings().session_idle_minutes)
    return OpenSession.objects.filter(
        ended_at__isnull=True, began_at__gt=Now() - LONGEST, last_seen_at__gt=Now() - idle
    ).order_by("-last_seen_at", "id")


def _told(rows: Any) -> list[Session]:
    return [Session(str(row.id), row.device, row.address or "", row.began_at, row.last_seen_at) for row in rows]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
