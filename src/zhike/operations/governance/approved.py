"""Where a second person is needed: an action that asks for it runs only in the name of a signed request.

The owner of this machine keeps the direct road at the command line, on record: whoever can read the workspace's keys is
held by no lock of it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from zhike.core.actor import Actor
from zhike.core.errors import Forbidden
from zhike.core.text import Text
from zhike.operations.governance.actors import owns_machine

_APPLYING: ContextVar[str] = ContextVar("applying", default="")


@contextmanager
def applying(kind: str) -> Iterator[None]:
    """What runs inside is done in the name of a signed request of this kind: only approvals opens it."""
    mark = _APPLYING.set(kind)
    try:
        yield
    finally:
        _APPLYING.reset(mark)


def require_approved(actor: Actor, kind: str) -> None:
    """Raises Forbidden unless a request of this kind was signed for what is being done, or the machine's owner acts."""
    if _APPLYING.get() != kind and not owns_machine(actor):
        raise Forbidden(
            Text(
                "此操作须经第二人审批：请在“审批”中提交。",
                "This needs a second person: ask for it under Approvals.",
            )
        )
