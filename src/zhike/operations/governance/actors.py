"""The actors that are not a logged-in user."""

import getpass

from zhike.core.actor import WHOLE_BANK, Actor, Scope
from zhike.core.text import Locale
from zhike.operations.governance.roles import CARDHOLDER_PERMISSIONS, JOB_PERMISSIONS, PERMISSIONS

_AT_COMMAND_LINE = " (command line)"  # no user name holds a space or a bracket


def system_actor(locale: Locale = "en") -> Actor:
    """The owner of this machine at its command line: whoever may read the workspace's keys may do everything."""
    name = getpass.getuser() + _AT_COMMAND_LINE
    return Actor("staff", name, frozenset(PERMISSIONS), purpose="command line", locale=locale, scope=WHOLE_BANK)


def owns_machine(actor: Actor) -> bool:
    """Whether the actor is a `system_actor`."""
    return actor.kind == "staff" and actor.name.endswith(_AT_COMMAND_LINE)


def job_actor(job: str, on_behalf_of: str | None = None) -> Actor:
    """The actor of one background job, named by it."""
    return Actor("job", job, JOB_PERMISSIONS, on_behalf_of=on_behalf_of, purpose=f"job {job}", scope=WHOLE_BANK)


def cardholder_actor(customer_id: str, locale: Locale = "zh") -> Actor:
    """A cardholder: sees and does what concerns their own rows only."""
    scope = Scope(party=customer_id.lower())
    return Actor("cardholder", scope.party or "", CARDHOLDER_PERMISSIONS, locale=locale, scope=scope)
