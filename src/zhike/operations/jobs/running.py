"""One run of a job: as its actor, behind the fence; how it ended is written down in words of our own."""

import os
import time
from collections.abc import Mapping
from typing import Any

import structlog
from django.db import DatabaseError, InterfaceError, close_old_connections
from procrastinate.exceptions import JobAborted
from procrastinate.jobs import Job as Queued

from zhike.core.actor import Actor
from zhike.core.errors import Invariant
from zhike.operations.governance.acting import guarded, transaction_to_write
from zhike.operations.governance.actors import job_actor
from zhike.operations.jobs import actions
from zhike.operations.jobs.arguments import require_ids
from zhike.operations.jobs.carrying import Refused, rebuilt
from zhike.operations.jobs.declaring import JOBS, Job
from zhike.operations.jobs.faults import code_of, place_of
from zhike.operations.jobs.fencing import Fence, Run, TakenOver

WORKER = job_actor("jobs.worker")
UNDER_WAY: dict[int, Run] = {}  # what this process runs just now; the watch of `worker` looks at it
EXIT_UNSETTLED = 70
log = structlog.get_logger("zhike.jobs")


def run(queued: Queued, carried: Mapping[str, Any]) -> None:
    """Runs a job that a worker has fetched; returns when it is done.

    Else how it ended is settled here, under the fence, and JobAborted tells procrastinate to leave it so.
    """
    declared = JOBS.get(queued.task_name)
    lease = declared.lease_seconds if declared else 0
    this = Run(queued.id or 0, queued.worker_id or 0, queued.attempts, time.monotonic() + lease)
    UNDER_WAY[this.job_id] = this
    try:
        close_old_connections()
        _as_its_actor(declared, this, carried)
        return
    except TakenOver:
        log.warning("taken over", job=queued.task_name, code="taken_over")
    except Refused as fault:
        _settled(this, "refused", fault.code, fault)
    except BaseException as fault:
        log.warning("job failed", job=queued.task_name, code=code_of(fault), exc_info=fault)
        _settled(this, "raised", code_of(fault), fault)
    finally:
        UNDER_WAY.pop(this.job_id, None)
        close_old_connections()
    raise JobAborted("settled")


def _as_its_actor(declared: Job | None, this: Run, carried: Mapping[str, Any]) -> None:
    if declared is None:
        raise Refused("undeclared")
    given = {name: value for name, value in carried.items() if name != "actor"}
    actor = rebuilt(declared, carried.get("actor"))
    try:
        require_ids(declared.name, declared.parameters, given)
    except Invariant:
        raise Refused("bad_argument") from None
    with guarded(Fence(this, ending=not declared.long)):
        _call(declared, actor, given)


def _call(declared: Job, actor: Actor, given: Mapping[str, Any]) -> None:
    if declared.long:
        declared.function(actor, **given)
        return
    with transaction_to_write(actor):
        declared.function(actor, **given)


def _settled(this: Run, how: str, code: str, fault: BaseException) -> None:
    for last in (False, True):
        try:
            close_old_connections()
            actions.run_settle(
                WORKER, job_id=this.job_id, worker_id=this.worker_id, attempt=this.attempt, how=how, code=code,
                fault=type(fault).__name__, place=place_of(fault),
            )  # fmt: skip
        except TakenOver:
            return
        except (DatabaseError, InterfaceError, OSError) as trouble:
            log.warning("a run cannot be settled", exception=type(trouble).__name__)
            if last:  # whoever finds this worker dead settles it
                os._exit(EXIT_UNSETTLED)
            time.sleep(1)
        else:
            return
