"""Where allauth leaves a step to us."""

import base64
import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.urls import reverse

from zhike.core.errors import Invariant
from zhike.core.workspace import workspace
from zhike.interfaces.accounts.lockout import address_of
from zhike.operations.governance.attempts import one_at_a_time

_NONCE_BYTES = 12
_WHAT = b"second factor"


class Accounts(DefaultAccountAdapter):
    """Names and passwords."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        with one_at_a_time(str(credentials.get("username", ""))):
            user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        return user

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address by the one rule, for allauth's own bounds too."""
        return address_of(request) or ""

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """A cardholder has no overview here."""
        cardholder = getattr(request.user, "party_id", None) is not None
        return reverse("account") if cardholder else str(super().get_login_redirect_url(request))


class Factors(DefaultMFAAdapter):
    """The second factor: secrets and recovery codes lie in the database under a key that does not."""

    def encrypt(self, text: str) -> str:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return base64.b64encode(nonce + _key().encrypt(nonce, text.encode(), _WHAT)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        sealed = base64.b64decode(encrypted_text)
        try:
            return _key().decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _WHAT).decode()
        except InvalidTag:
            raise Invariant(
                "A second factor cannot be read: it was changed, or sealed under another keys/mfa.key. "
                "Restore both from one backup, or reset it: zhike user reset-factor NAME."
            ) from None


def _key() -> AESGCM:
    return AESGCM(workspace().secret("mfa"))
