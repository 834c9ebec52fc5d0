"""What every part of the API shares: the one shape of an error, and who asks."""

from django.http import HttpRequest
from ninja import Schema

from zhike.core.actor import Actor
from zhike.interfaces.accounts.api_auth import Keyed, Signed
from zhike.operations.governance.acting import transaction_of
from zhike.operations.governance.visibility import require_visible


class ErrorBody(Schema):
    """What went wrong: a stable code and one line that says what to do."""

    code: str
    message: str


class Error(Schema):
    """Every error has this shape."""

    error: ErrorBody


FAULTS: dict[int, type[Schema]] = dict.fromkeys((400, 401, 403, 404, 409, 503), Error)


def asking(request: HttpRequest) -> Actor:
    """The actor of the request."""
    actor: Actor = request.auth
    return actor


class KeyedFor(Keyed):
    """A key whose holder has the permission and sees the customer: asked before the body of a request is read."""

    def __init__(self, permission: str) -> None:
        super().__init__()
        self._permission = permission

    def __call__(self, request: HttpRequest) -> Actor | None:
        return _let_in(super().__call__(request), request, self._permission)


class SignedFor(Signed):
    """A session, the same way."""

    def __init__(self, permission: str) -> None:
        super().__init__()
        self._permission = permission

    def __call__(self, request: HttpRequest) -> Actor | None:
        return _let_in(super().__call__(request), request, self._permission)


def needing(permission: str) -> list[Keyed | Signed]:
    """Who may come in: a key or a session with the permission."""
    return [KeyedFor(permission), SignedFor(permission)]


def _let_in(actor: Actor | None, request: HttpRequest, permission: str) -> Actor | None:
    if actor is not None:
        actor.require(permission)
        place = request.resolver_match.kwargs if request.resolver_match else {}
        if "customer_id" in place:
            with transaction_of(actor):
                require_visible(actor, str(place["customer_id"]))
    return actor
