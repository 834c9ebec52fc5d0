"""What happens at log-in: django-axes asks and tells, `operations/governance` counts failures and keeps sessions."""

import ipaddress
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from allauth.core.internal.httpkit import get_client_ip
from axes.handlers.base import AxesHandler
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest

from zhike.operations.governance import attempts, queries, sessions

OPEN = "zhike.open"  # where a session keeps the id of its row
_IPV6_PREFIX = 64  # one household or branch is given so much of IPv6: its addresses count as one


def address_of(request: HttpRequest) -> str | None:
    """Where a request comes from, behind the trusted proxies: the one rule of allauth, axes and Zhike."""
    try:
        told = get_client_ip(request)
    except ImproperlyConfigured:  # fewer proxies than were promised passed it on: whoever connects, then
        told = request.META.get("REMOTE_ADDR")
    try:
        address = ipaddress.ip_address(told or "")
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.IPv6Network((address, _IPV6_PREFIX), strict=False).network_address)
    return str(address)


# ruff: noqa: ARG002  # the handler's methods are given what axes gives
class Lockout(AxesHandler):
    """What axes asks and tells its handler. Nothing is written to a log: a failure is an audit entry."""

    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        return attempts.is_locked(_name(credentials), request.axes_ip_address)

    def user_login_failed(
        self, sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **_more: Any
    ) -> None:
        """A failure while locked counts no more: the lock ends thirty minutes after the last one that did."""
        if request is not None and not request.axes_locked_out:
            attempts.failure_count(_name(credentials), request.axes_ip_address)

    def user_logged_in(self, sender: Any, request: HttpRequest, user: Any, **_more: Any) -> None:
        if attempts.has_failed(user.username):
            attempts.failures_forget(attempts.door_actor(), user=user.username)
        request.session[OPEN] = sessions.session_begin(
            attempts.door_actor(),
            user=user.username,
            address=request.axes_ip_address,
            user_agent=request.axes_user_agent,
        )

    def user_logged_out(self, sender: Any, request: HttpRequest, user: Any, **_more: Any) -> None:
        known = request.session.get(OPEN)
        if known and user is not None and sessions.is_open(known, user.pk):
            sessions.session_end(queries.actor_of(user), session_id=known)

    def post_save_access_attempt(self, instance: Any, **_more: Any) -> None:
        """Axes tells of its own rows; there is nothing to do."""

    post_delete_access_attempt = post_save_access_attempt


class Names(AuthenticationBackend):
    """allauth's, but a name is plain letters: of `ſmith` and `SMITH` PostgreSQL would make one, the lock two."""

    def _authenticate_by_username(self, username: str, password: str) -> AbstractBaseUser | None:
        return super()._authenticate_by_username(username, password) if username.isascii() else None


def _name(credentials: dict[str, Any] | None) -> str:
    return str((credentials or {}).get("username") or "")
