"""Whose hand a user's may be: who gave them a password, or took their second factor away, could log in as them.

For seven days: a password that was given must be changed at the next log-in, so that by then the user has come in by
themselves, or has found that somebody else did.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models.functions import Now

from zhike.core.actor import Actor
from zhike.core.clock import now
from zhike.core.errors import BadInput
from zhike.core.text import Text
from zhike.operations.governance.actors import owns_machine
from zhike.operations.governance.models import User

DAYS = 7


def given_by(actor: Actor) -> str:
    """As it is kept: empty for the machine's owner, whom no lock of this workspace holds."""
    return "" if owns_machine(actor) else actor.name


def hands_of(names: Iterable[str]) -> frozenset[str]:
    """The users, and whoever let one of them in within the last days."""
    found, since = frozenset(names), Now() - timedelta(days=DAYS)
    rows = User.objects.filter(username__in=found)
    given = rows.filter(password_given_at__gt=since).values_list("password_given_by", flat=True)
    reset = rows.filter(factor_reset_at__gt=since).values_list("factor_reset_by", flat=True)
    return (found | frozenset(given) | frozenset(reset)) - {""}


def require_other_hand(actor: Actor, by: str, at: object) -> None:
    """Raises BadInput where who did the one would do the other too: password and second factor are two people's."""
    if by and by == given_by(actor) and at is not None and at > now() - timedelta(days=DAYS):
        raise BadInput(
            Text(
                f"{DAYS} 天内密码与第二因素不能由同一位管理员重置：请由另一位管理员办理。",
                f"Within {DAYS} days the password and the second factor are not reset by one person: "
                "another administrator has to.",
            )
        )
