"""Errors a person can act on: what is wrong, where, and what to do, in one line."""

from zhike.core.text import Locale, Text


class ZhikeError(Exception):
    """Base of every expected fault; ``status`` is its HTTP status.

    ``str()`` is the English line. ``text`` has both languages, or is None where only a log or an operator reads it.
    """

    status = 500

    def __init__(self, said: str | Text = "") -> None:
        super().__init__(said.en if isinstance(said, Text) else said)
        self.text = said if isinstance(said, Text) else None

    def in_(self, locale: Locale) -> str:
        """What it says, in the reader's language where it has it."""
        return self.text.in_(locale) if self.text else str(self)


class BadInput(ZhikeError):
    """The input cannot be used as it is."""

    status = 400


class Forbidden(ZhikeError):
    """The actor lacks the permission or the data scope."""

    status = 403


class NotFound(ZhikeError):
    """No such thing, or not visible to this actor: the two are never told apart."""

    status = 404


class Conflict(ZhikeError):
    """Another writer is at work, or the state has moved on."""

    status = 409


class TooMany(ZhikeError):
    """Allowed, but not so often."""

    status = 429


class Unavailable(ZhikeError):
    """A part that Zhike needs does not answer."""

    status = 503


class Invariant(ZhikeError):
    """A promise of Zhike itself is broken: stop rather than go on with wrong facts."""
