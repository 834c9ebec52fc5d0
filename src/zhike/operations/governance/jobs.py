"""The governance jobs: the audit log is verified every night."""

from zhike.core.actor import Actor
from zhike.core.text import Text
from zhike.operations.governance.audit.verify import audit_check
from zhike.operations.jobs.declaring import job
from zhike.operations.jobs.priorities import NIGHTLY


@job(
    "audit.verify",
    title=Text("核验审计日志", "Verify the audit log"),
    permissions=frozenset({"view_audit"}),
    priority=NIGHTLY,
    lease_seconds=2 * 3_600,
    cron="40 2 * * *",
)
def verify(actor: Actor) -> None:
    """Recomputes the whole chain; what it found stands in the log, in ``/metrics`` and in ``zhike check``."""
    audit_check(actor)
