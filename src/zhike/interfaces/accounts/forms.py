"""The forms of the second factor: wrong codes count as wrong passwords do, and a secret is never kept in clear."""

from typing import Any

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, generate_totp_secret
from allauth.mfa.utils import decrypt, encrypt
from django import forms

from zhike.core.errors import BadInput
from zhike.interfaces.accounts.lockout import address_of
from zhike.operations.governance import attempts, factor


class SetUp(ActivateTOTPForm):
    """While it is being set up the secret lies in the session, that is in the database: sealed there too."""

    def __init__(self, *given: Any, **named: Any) -> None:
        self.user = named.pop("user")
        forms.Form.__init__(self, *given, **named)
        session = context.request.session
        if not self.is_bound or SECRET_SESSION_KEY not in session:
            session[SECRET_SESSION_KEY] = encrypt(generate_totp_secret())
        self.secret = decrypt(session[SECRET_SESSION_KEY])


class _Once:
    """A code holds once, five wrong ones lock the name; a lock looks like a wrong code."""

    def clean_code(self) -> str:
        name, code = self.user.username, self.cleaned_data["code"]
        address = address_of(context.request)
        self.authenticator = None
        with attempts.one_at_a_time(name):
            if not attempts.is_locked(name, address):
                try:
                    actor = attempts.door_actor("second factor")
                    self.authenticator = factor.factor_use(actor, user=name, code=code)
                except BadInput:
                    attempts.failure_count(name, address)
        if self.authenticator is None:
            raise get_adapter().validation_error("incorrect_code")
        self.authenticator.user = self.user
        return str(code)


class Code(_Once, AuthenticateForm):
    """At log-in."""


class CodeAgain(_Once, ReauthenticateForm):
    """Before something that needs it anew."""
