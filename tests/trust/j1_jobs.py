"""Jobs of every temper, for J1 only: quick, slow, long, raising, unsteady, killing their worker, hanging, periodic.

A worker that imports them knows them; `PACE` is one that a test can wait for.
"""

import os
import random
import signal
import time

from zhike.interfaces.cli.session import set_up_django

set_up_django()

from django.db import connection  # noqa: E402

from zhike.core.actor import Actor  # noqa: E402
from zhike.core.text import Text  # noqa: E402
from zhike.operations.governance.acting import action, step  # noqa: E402
from zhike.operations.jobs.declaring import Job, job  # noqa: E402
from zhike.operations.jobs.reaping import Pace  # noqa: E402
from zhike.operations.jobs.running import UNDER_WAY  # noqa: E402

PACE = Pace(heartbeat=0.5, dead=2.5, look=0.5, grace=0.5)
LEASE = 3
TITLE = Text("测试任务", "A job of the test")
TABLE = "CREATE TABLE j1_effect (job_id bigint, name text, part int); GRANT SELECT, INSERT ON j1_effect TO zhike_app"
TICKS_SECONDS = 2


def effect(name: str, part: int = 0) -> None:
    """One row, in the transaction of the job: without a key, so that a second effect shows."""
    (job_id,) = UNDER_WAY
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO j1_effect VALUES (%s, %s, %s)", [job_id, name, part])


@job("j1.quick", title=TITLE, waiting_most_each=1_000, lease_seconds=LEASE, backoff_seconds=1)
def quick(actor: Actor, number: int) -> None:
    effect("quick")


@job("j1.slow", title=TITLE, waiting_most_each=1_000, lease_seconds=LEASE, backoff_seconds=1)
def slow(actor: Actor, number: int) -> None:
    effect("slow")
    time.sleep(0.6)


@action(permission="manage_jobs", audit="j1.steps", long=True)
def steps(actor: Actor) -> None:
    """Three steps, each once however often the job begins again."""
    (job_id,) = UNDER_WAY
    for part in range(3):
        with step(), connection.cursor() as cursor:
            cursor.execute("SELECT FROM j1_effect WHERE job_id = %s AND part = %s", [job_id, part])
            if cursor.fetchone() is None:
                effect("long", part)
        time.sleep(0.3)


@job("j1.long", title=TITLE, waiting_most_each=1_000, lease_seconds=LEASE, backoff_seconds=1, long=True)
def long(actor: Actor, number: int) -> None:
    steps(actor)


@job("j1.raising", title=TITLE, waiting_most_each=1_000, lease_seconds=LEASE, retries=1, backoff_seconds=1)
def raising(actor: Actor, number: int) -> None:
    effect("raising")
    raise ValueError("张小明 13812345678")


@job("j1.unsteady", title=TITLE, waiting_most_each=1_000, lease_seconds=LEASE, retries=4, backoff_seconds=1)
def unsteady(actor: Actor, number: int) -> None:
    effect("unsteady")
    if random.random() < 0.5:
        raise RuntimeError("not this time")


@job("j1.killing", title=TITLE, waiting_most_each=1_000, lease_seconds=LEASE)
def killing(actor: Actor, number: int) -> None:
    effect("killing")
    os.kill(os.getpid(), signal.SIGKILL)


@job("j1.hanging", title=TITLE, waiting_most_each=1_000, lease_seconds=2)
def hanging(actor: Actor, number: int) -> None:
    effect("hanging")
    while True:
        time.sleep(1)


@job("j1.tick", title=TITLE, priority="live", lease_seconds=LEASE, cron=f"* * * * * */{TICKS_SECONDS}")
def tick(actor: Actor) -> None:
    effect("tick")


OF_TEST: tuple[Job, ...] = (quick, slow, long, raising, unsteady, killing, hanging, tick)
