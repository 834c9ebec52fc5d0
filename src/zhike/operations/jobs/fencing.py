"""The fence: what a run that was taken over does afterwards is never committed.

A run is known by (job, worker, attempt). Each of its transactions ends by looking, under a lock, whether the job is
still its own; a run that was stopped, swapped out or hung and wakes up later finds it is not, and is rolled back.
Meanwhile the database itself ends a statement or an idle transaction that outlives the lease, so that the locks of a
hung run do not stay.
"""

import time
from dataclasses import dataclass
from typing import Any

from zhike.core.errors import Conflict

_OWN = "id = %s AND status = 'doing' AND worker_id = %s AND attempts = %s"
_LEAST_MS = 1_000


class TakenOver(Conflict):
    """This run is not the job's any more: another took over, or ends it."""


@dataclass(frozen=True)
class Run:
    """One run of one job by one worker; ``ends`` is the end of its lease on this process's monotonic clock."""

    job_id: int
    worker_id: int
    attempt: int
    ends: float

    @property
    def key(self) -> list[int]:
        return [self.job_id, self.worker_id, self.attempt]


@dataclass(frozen=True)
class Fence:
    """Around every writing transaction of a run; with ``ending`` the transaction that commits also ends the job."""

    run: Run
    ending: bool

    def opened(self, cursor: Any) -> None:
        left = max(int((self.run.ends - time.monotonic()) * 1_000), _LEAST_MS)
        cursor.execute(
            "SELECT set_config('statement_timeout', %s, true),"
            " set_config('idle_in_transaction_session_timeout', %s, true)",
            [str(left), str(left)],
        )

    def closing(self, cursor: Any) -> None:
        if self.ending:
            cursor.execute(f"DELETE FROM procrastinate_jobs WHERE {_OWN}", self.run.key)
            held = cursor.rowcount == 1
        else:
            cursor.execute(f"SELECT FROM procrastinate_jobs WHERE {_OWN} FOR SHARE", self.run.key)
            held = cursor.fetchone() is not None
        if not held:
            raise TakenOver(f"Job {self.run.job_id} was taken over: what this run did is not kept.")


def take(cursor: Any, job_id: int, worker_id: int | None, attempt: int, *, wait: bool) -> str | None:
    """Locks a running job for who decides what becomes of it; returns its name, None when it is not that run's.

    The run itself waits for the lock; who only found it lost passes by a job that somebody holds, and looks again.
    """
    cursor.execute(
        "SELECT task_name FROM procrastinate_jobs WHERE id = %s AND status = 'doing'"
        " AND worker_id IS NOT DISTINCT FROM %s AND attempts = %s FOR UPDATE" + ("" if wait else " SKIP LOCKED"),
        [job_id, worker_id, attempt],
    )
    found = cursor.fetchone()
    return found[0] if found else None
