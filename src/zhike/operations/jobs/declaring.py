"""What a job is: one decorator says it all. Anything registered otherwise is never run (`worker`)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.module_loading import autodiscover_modules
from procrastinate.contrib.django import app
from procrastinate.job_context import JobContext

from zhike.core.actor import Actor
from zhike.core.errors import Invariant
from zhike.core.text import Text
from zhike.operations.governance.roles import JOB_PERMISSIONS, PERMISSIONS
from zhike.operations.jobs.arguments import Value, parameters_of
from zhike.operations.jobs.priorities import HOUSEKEEPING, RANKS, Priority
from zhike.operations.jobs.ticks import require_cron

JobFunction = Callable[..., object]


@dataclass(frozen=True)
class Job:
    """One kind of job.

    ``permissions`` are the most that a run of it may do. ``lease_seconds`` is how long a run may take before another
    takes over; ``retries`` how often it is tried again after an exception, first after ``backoff_seconds``, then
    after twice as long each time. A *long* job works in many transactions
    and must be able to begin again; any other runs in one transaction, which also ends the job: its effect is there
    exactly once, or not at all. ``cron`` is in the bank's zone. Beyond ``waiting_most`` waiting jobs, or
    ``waiting_most_each`` of one person, none is taken.
    """

    name: str
    title: Text
    function: JobFunction
    parameters: Mapping[str, type]
    permissions: frozenset[str]
    priority: Priority
    retries: int
    backoff_seconds: int
    lease_seconds: int
    long: bool
    cron: str
    waiting_most: int
    waiting_most_each: int

    def __call__(self, actor: Actor, **given: Value) -> object:
        """Does it here and now, without a queue: for tests, and for who has waited long enough."""
        return self.function(actor, **given)


JOBS: dict[str, Job] = {}


def job(
    name: str,
    *,
    title: Text,
    permissions: frozenset[str] = JOB_PERMISSIONS,
    priority: Priority = HOUSEKEEPING,
    retries: int = 3,
    backoff_seconds: int = 10,
    lease_seconds: int = 300,
    long: bool = False,
    cron: str = "",
    waiting_most: int = 10_000,
    waiting_most_each: int = 100,
) -> Callable[[JobFunction], Job]:
    """Makes a function ``(actor, id, …)`` a job; raises Invariant when the declaration does not hold."""
    unknown = permissions - PERMISSIONS.keys()
    if unknown or priority not in RANKS or lease_seconds < 1 or retries < 0:
        raise Invariant(f"Job {name}: unknown permissions {sorted(unknown)}, priority, lease or retries.")
    if cron:
        require_cron(name, cron)

    def decorate(function: JobFunction) -> Job:
        parameters = parameters_of(function, name)
        if cron and parameters:
            raise Invariant(f"Job {name}: a periodic job takes the actor alone, not {sorted(parameters)}.")
        made = Job(
            name, title, function, parameters, permissions, priority, retries, backoff_seconds, lease_seconds, long,
            cron, waiting_most, waiting_most_each,
        )  # fmt: skip
        # `lock`: of a periodic job one runs at a time, however many workers there are.
        app.task(name=name, queue=priority, priority=RANKS[priority], lock=name if cron else None, pass_context=True)(
            _run
        )
        JOBS[name] = made
        return made

    return decorate


def discover() -> None:
    """Imports the ``jobs`` module of every app that has one: only who runs or shows jobs pays for them."""
    autodiscover_modules("jobs")


def _run(context: JobContext, **carried: Any) -> None:
    from zhike.operations.jobs.running import run  # it needs what is declared here

    run(context.job, carried)
