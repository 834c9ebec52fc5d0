"""Putting a job in the queue: in the transaction of the action that asks for it, with that action's actor."""

from django.db import connection
from procrastinate.contrib.django import app

from zhike.core.errors import Invariant, TooMany
from zhike.core.text import Text
from zhike.operations.governance.acting import writing_actor
from zhike.operations.jobs.arguments import Value, require_ids
from zhike.operations.jobs.carrying import carried
from zhike.operations.jobs.declaring import Job


def enqueue(of: Job, **given: Value) -> int:
    """Enqueues a job and returns its id; it runs when the action commits, and never when that rolls back.

    Raises Invariant outside an action (nobody would act) and for an argument that is no id, TooMany when so many
    wait already, of all or of this person.
    """
    actor = writing_actor()
    if actor is None:
        raise Invariant(f"Job {of.name} was enqueued outside an action: a job without an actor is refused.")
    require_ids(of.name, of.parameters, given)
    acting = carried(of, actor)
    _within(of, acting["on_behalf_of"])
    return app.configure_task(of.name).defer(actor=acting, **given)


def _within(of: Job, person: str | None) -> None:
    """Bounded work: no more is counted than may wait. Two who enqueue at once may pass the bound by one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE person = %s) FROM (SELECT args->'actor'->>'on_behalf_of' AS person"
            " FROM procrastinate_jobs WHERE status = 'todo' AND task_name = %s LIMIT %s) AS waiting",
            [person, of.name, of.waiting_most],
        )
        everybodys, theirs = cursor.fetchone()
    if everybodys >= of.waiting_most or theirs >= of.waiting_most_each:
        raise TooMany(
            Text(
                f"“{of.title.zh}”已有太多任务在等待：请等它们完成后再试。",
                f"Too many jobs of “{of.title.en}” are waiting: try again when they are done.",
            )
        )
