"""The actors that are not a logged-in user."""

import getpass

from zhike.core.actor import Actor
from zhike.core.text import Locale
from zhike.operations.governance.roles import JOB_PERMISSIONS, PERMISSIONS


def system_actor(locale: Locale = "en") -> Actor:
    """The owner of this machine at its command line: whoever may read the workspace's keys may do everything."""
    name = f"{getpass.getuser()} (command line)"
    return Actor("staff", name, frozenset(PERMISSIONS), purpose="command line", locale=locale)


def job_actor(job: str, on_behalf_of: str | None = None) -> Actor:
    """The actor of one background job, named by it."""
    return Actor("job", job, JOB_PERMISSIONS, on_behalf_of=on_behalf_of, purpose=f"job {job}")
