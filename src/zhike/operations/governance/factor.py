"""The second factor: codes that hold once, and what happens to it is on record.

The secrets are kept by allauth, sealed by `interfaces/accounts/adapters.py`. A code of the authenticator app holds
once, in whatever process it is tried again: the row of the factor remembers the last period whose code was used.
"""

from typing import Literal

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt

from zhike.core.actor import Actor
from zhike.core.clock import now
from zhike.core.errors import BadInput
from zhike.core.text import Text
from zhike.operations.governance.acting import action, note, query
from zhike.operations.governance.hands import given_by, require_other_hand
from zhike.operations.governance.known_users import user_named
from zhike.operations.governance.sessions import end_all

Change = Literal["set up", "removed", "recovery codes made"]
_LAST = "last_period"


@query(permission="manage_own_account")
def factor_stands(actor: Actor) -> bool:
    """Whether one has set up a second factor oneself."""
    return Authenticator.objects.filter(user__username=actor.name, type=Authenticator.Type.TOTP).exists()


@query(permission="manage_users")
def users_with_factor(actor: Actor) -> set[str]:
    """The names of the users who have set up a second factor."""
    rows = Authenticator.objects.filter(type=Authenticator.Type.TOTP)
    return set(rows.values_list("user__username", flat=True))


@action(permission="manage_own_account", audit="factor.use", about="user")
def factor_use(actor: Actor, *, user: str, code: str) -> Authenticator:
    """Spends a code of the app or a recovery code; raises BadInput unless it holds, and holds for the first time."""
    rows = Authenticator.objects.select_for_update().filter(user__username=user).order_by("-type")
    for row in rows:
        used = _use_period(row, code) if row.type == Authenticator.Type.TOTP else row.wrap().validate_code(code)
        if used:
            note(kind=row.type)
            return row
    raise BadInput(Text("验证码不正确。", "The code is not right."))


@action(permission="manage_own_account", audit="factor.change")
def factor_changed(actor: Actor, *, change: Change) -> None:
    """Puts on record what somebody did with their own second factor, in the transaction that does it."""
    note(change=change)


@action(permission="manage_users", audit="factor.reset", about="user")
def factor_reset(actor: Actor, *, user: str) -> None:
    """Takes away another's second factor that was lost, and ends their sessions; never one's own this way.

    Raises BadInput to who reset the password a few days ago: nobody takes both (`hands`).
    """
    if user == actor.name:
        raise BadInput(
            Text(
                "不能重置自己的第二因素：请由另一位管理员办理。",
                "Another administrator has to reset your second factor.",
            )
        )
    found = user_named(user, lock=True)
    require_other_hand(actor, found.password_given_by, found.password_given_at)
    found.factor_reset_by, found.factor_reset_at = given_by(actor), now()
    found.save(update_fields=["factor_reset_by", "factor_reset_at"])
    removed, _ = Authenticator.objects.filter(user__username=user).delete()
    note(removed=removed, sessions=end_all(user, by=actor.name))


def _use_period(row: Authenticator, code: str) -> bool:
    secret = decrypt(row.data["secret"])
    for period in yield_hotp_counters_from_time():
        fits = compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, period)))
        if fits and period > row.data.get(_LAST, -1):
            row.data[_LAST] = period
            row.save(update_fields=["data"])
            return True
    return False
