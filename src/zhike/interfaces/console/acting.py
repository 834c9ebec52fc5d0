"""From a signed-in person to an `Actor`."""

from django.http import HttpRequest

from zhike.core.actor import Actor
from zhike.interfaces.console.language import locale
from zhike.operations.governance import queries


def acting(request: HttpRequest) -> Actor:
    """The actor of this request, made once, in the language of the page."""
    known: Actor | None = getattr(request, "zhike_actor", None)
    if known is None:
        known = queries.actor_of(request.user, locale=locale())
        request.zhike_actor = known
    return known
