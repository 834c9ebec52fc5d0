"""Named points at which a test may kill the process, in the real code."""

import os
import signal

from zhike.core.settings import settings


def failpoint(name: str) -> None:
    """SIGKILLs this process when ``ZHIKE_FAILPOINT`` names this point; else nothing."""
    if settings().failpoint == name:
        os.kill(os.getpid(), signal.SIGKILL)
