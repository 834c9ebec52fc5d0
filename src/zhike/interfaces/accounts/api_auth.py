"""Who calls the API: a session of the console, or an API key. A key comes first and needs no form token."""

from django.http import HttpRequest
from ninja.errors import AuthenticationError
from ninja.security import HttpBearer, SessionAuth

from zhike.core.actor import Actor
from zhike.interfaces.accounts.lockout import address_of
from zhike.operations.governance import attempts
from zhike.operations.governance.api_keys import key_actor
from zhike.operations.governance.queries import actor_of


class Keyed(HttpBearer):
    """``Authorization: Bearer zk_…``. A key that opens nothing is refused there and then, whatever cookie comes along;
    twenty such calls in thirty minutes lock the address for keys."""

    def __call__(self, request: HttpRequest) -> Actor | None:
        scheme, _, presented = request.headers.get(self.header, "").partition(" ")
        return self.authenticate(request, presented.strip()) if scheme.lower() == self.openapi_scheme else None

    def authenticate(self, request: HttpRequest, token: str) -> Actor:
        """Raises AuthenticationError; neither the key nor what is wrong with it is told or logged."""
        address = address_of(request)
        if attempts.keys_locked(address):
            raise AuthenticationError
        actor = key_actor(token)
        if actor is None:
            attempts.key_failure_count(attempts.door_actor("API key"), address=address)
            raise AuthenticationError
        return actor


class Signed(SessionAuth):
    """The session cookie of the console, with a form token on whatever changes something; gives the `Actor`."""

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:  # noqa: ARG002  # ninja's signature
        return actor_of(request.user) if request.user.is_authenticated else None
