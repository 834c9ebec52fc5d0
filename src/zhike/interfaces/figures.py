"""The figures of the machinery for ``/metrics``: the queue, its workers, the audit log. They tell of no person."""

from prometheus_client import Gauge

from zhike.core.actor import Actor
from zhike.operations.governance.audit.verify import audit_checked
from zhike.operations.jobs.priorities import RANKS
from zhike.operations.jobs.queries import queue_state

_WAITING = Gauge("zhike_jobs_waiting", "Jobs that wait, by queue", ["queue"])
_OLDEST = Gauge("zhike_jobs_oldest_wait_seconds", "How long the oldest waiting job has waited")
_RUNNING = Gauge("zhike_jobs_running", "Jobs under way")
_FAILED = Gauge("zhike_jobs_failed", "Jobs that failed as often as they may be tried")
_QUARANTINED = Gauge("zhike_jobs_quarantined", "Jobs that killed or hung their worker, or may not run")
_WORKERS = Gauge("zhike_workers", "Workers heard of in the last minute")
_HEARTBEAT = Gauge("zhike_worker_heartbeat_age_seconds", "Since a worker was last heard of; NaN when none ever was")
_FAULTS = Gauge("zhike_audit_faults", "Faults that the last verification of the audit log found; NaN before the first")
_VERIFIED = Gauge("zhike_audit_verified_timestamp_seconds", "When the audit log was last verified")


def read(actor: Actor) -> None:
    """Sets every gauge anew."""
    queue, checked = queue_state(actor), audit_checked(actor)
    for name in RANKS:
        _WAITING.labels(name).set(queue.waiting.get(name, 0))
    _OLDEST.set(queue.oldest_wait_seconds)
    _RUNNING.set(queue.counts.get("running", 0))
    _FAILED.set(queue.counts.get("failed", 0))
    _QUARANTINED.set(queue.counts.get("quarantined", 0))
    _WORKERS.set(queue.workers)
    _HEARTBEAT.set(float("nan") if queue.heard_seconds is None else queue.heard_seconds)
    _FAULTS.set(checked.faults if checked else float("nan"))
    if checked:
        _VERIFIED.set(checked.at.timestamp())
