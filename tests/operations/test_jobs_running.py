"""One job from the queue to its end: its actor, its arguments, the fence, the tries, what a person decides."""

import contextlib
import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from owning import entries, owner
from procrastinate.contrib.django import app
from procrastinate.exceptions import JobAborted
from procrastinate.jobs import Job as Queued

from zhike.core.actor import Actor, Scope
from zhike.core.errors import BadInput, Conflict, Forbidden, Invariant, NotFound, TooMany
from zhike.core.text import Text
from zhike.operations.governance.acting import action, step
from zhike.operations.governance.actors import cardholder_actor, job_actor, system_actor
from zhike.operations.governance.models import User
from zhike.operations.governance.queries import actor_of
from zhike.operations.jobs import actions, queries, running
from zhike.operations.jobs.arguments import is_id
from zhike.operations.jobs.declaring import JOBS, Job, job
from zhike.operations.jobs.enqueuing import enqueue
from zhike.operations.jobs.reaping import REAPER, Pace, Reaper, _rise
from zhike.operations.jobs.schedule import see_to

TITLE = Text("测试任务", "A job of the test")
RAN: list[tuple[Actor, int]] = []
MEANWHILE: list[Any] = []  # what happens while the job runs


def _note(actor: Actor, number: int) -> None:
    """Leaves a user as its effect, and does what the test wants done meanwhile."""
    RAN.append((actor, number))
    make(actor, number=number)
    for happen in MEANWHILE:
        happen()


@action(permission="view_jobs", audit="test.make")
def make(actor: Actor, *, number: int) -> None:
    User.objects.create(username=f"effect-{number}", role="analyst", password="!")


@action(permission="view_jobs", audit="test.make_long", long=True)
def make_long(actor: Actor, *, number: int) -> None:
    for happen in MEANWHILE:
        happen()
    with step():
        User.objects.create(username=f"effect-{number}", role="analyst", password="!")


@pytest.fixture
def short(committed: None) -> Iterator[Job]:
    yield job("test.short", title=TITLE, retries=1, waiting_most=3, waiting_most_each=2)(_note)
    _forget("test.short")


@pytest.fixture
def brief(committed: None) -> Iterator[Job]:
    yield job("test.brief", title=TITLE, lease_seconds=1)(_note)
    _forget("test.brief")


@pytest.fixture
def long(committed: None) -> Iterator[Job]:
    def run(actor: Actor, number: int) -> None:
        make_long(actor, number=number)

    yield job("test.long", title=TITLE, long=True)(run)
    _forget("test.long")


@pytest.fixture
def clockwork(committed: None) -> Iterator[Job]:
    yield job("test.clockwork", title=TITLE, cron="*/5 * * * *")(lambda actor: None)
    _forget("test.clockwork")


def _forget(name: str) -> None:
    del JOBS[name]
    app.tasks.pop(name)
    RAN.clear()
    MEANWHILE.clear()


@action(permission="view_overview", audit="test.ask")
def ask(actor: Actor, *, of: Job, fail: bool = False, **given: Any) -> int:
    made = enqueue(of, **given)
    if fail:
        raise BadInput("no")
    return made


def fetched(job_id: int) -> Queued:
    """The job as a worker of its own has just fetched it."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE id = %s RETURNING id, status,"
            " task_name, priority, lock, queueing_lock, args, scheduled_at, queue_name, attempts, worker_id",
            [cursor.fetchone()[0], job_id],
        )
        names = [column.name for column in cursor.description]
        row = dict(zip(names, cursor.fetchone(), strict=True))
    args = row["args"]
    return Queued.from_row({**row, "args": json.loads(args) if isinstance(args, str) else args})


def run(job_id: int) -> str:
    """Runs it as a worker would; its status then, or ``done``."""
    queued = fetched(job_id)
    with contextlib.suppress(JobAborted):
        running.run(queued, queued.task_kwargs)
    return status(job_id)


def status(job_id: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text FROM procrastinate_jobs WHERE id = %s", [job_id])
        return (cursor.fetchone() or ["done"])[0]


def change(statement: str, *values: Any) -> None:
    with owner() as cursor:
        cursor.execute(statement, values)


def effects() -> set[str]:
    return set(User.objects.filter(username__startswith="effect-").values_list("username", flat=True))


def events(job_id: int) -> list[tuple[str, str]]:
    with owner() as cursor:
        cursor.execute("SELECT how, code FROM jobs_jobevent WHERE job_id = %s ORDER BY id", [job_id])
        return cursor.fetchall()


# --- enqueuing -----------------------------------------------------------------------------------------------------


def test_a_job_comes_and_goes_with_its_action(short: Job) -> None:
    with pytest.raises(BadInput):
        ask(system_actor(), of=short, number=1, fail=True)
    assert queries.jobs_list(system_actor(), states=("waiting",)) == []
    kept = ask(system_actor(), of=short, number=2)
    assert [row.id for row in queries.jobs_list(system_actor(), states=("waiting",))] == [kept]


def test_a_job_without_an_actor_is_refused(short: Job) -> None:
    with pytest.raises(Invariant, match="without an actor"):
        enqueue(short, number=1)


def test_a_job_acts_for_who_asked_with_no_more_than_their_rights(short: Job) -> None:
    rights = frozenset({"view_overview", "view_jobs", "load_data", "sign_request"})
    asking = Actor("staff", "root (command line)", rights, locale="en", scope=Scope(branches=frozenset({10, 11})))
    assert run(ask(asking, of=short, number=7)) == "done"
    ((actor, number),) = RAN
    assert number == 7
    assert (actor.kind, actor.name, actor.on_behalf_of) == ("job", "test.short", "root (command line)")
    assert actor.permissions == {"view_overview", "view_jobs", "load_data"}
    assert (str(actor.scope), actor.purpose, actor.locale) == ("branches:10,11", "job test.short", "en")
    (entry,) = entries(action="test.make")
    assert (entry.actor_kind, entry.on_behalf_of) == ("job", "root (command line)")


def test_rights_lost_meanwhile_are_lost_to_the_job(short: Job) -> None:
    user = User.objects.create_user("lin", "a password of some length", role="data_engineer")
    job_id = ask(actor_of(user), of=short, number=1)
    User.objects.filter(username="lin").update(role="executive")
    assert run(job_id) == "todo"  # it lacks view_jobs now: tried again, and failed in the end
    assert events(job_id) == [("raised", "forbidden")]
    assert effects() == set()


def test_a_job_of_one_who_left_is_quarantined(short: Job) -> None:
    user = User.objects.create_user("lin", "a password of some length", role="data_engineer")
    job_id = ask(actor_of(user), of=short, number=1)
    User.objects.filter(username="lin").update(is_active=False)
    assert run(job_id) == "aborted"
    assert events(job_id) == [("refused", "person_gone")]


def test_a_cardholders_job_sees_their_rows_only(short: Job) -> None:
    holder = cardholder_actor("01970000-0000-7000-8000-000000000004")
    asking = Actor(holder.kind, holder.name, holder.permissions | {"view_overview", "view_jobs"}, scope=holder.scope)
    run(ask(asking, of=short, number=1))
    assert str(RAN[0][0].scope) == f"party:{holder.name}"


@pytest.mark.parametrize(
    "value",
    [
        "张小明", "Zhang Xiaoming", "13812345678", "+8613812345678", "zhang@example.com", "11010119900307765X",
        "6225880000001234", "a13812345678", "C1234567", 13812345678, 6225880000001234, 1.5, None, "", "x" * 200,
        "622588 0000 001234",
    ],
)  # fmt: skip
def test_what_could_be_personal_is_no_id(value: object) -> None:
    assert not is_id(value)


@pytest.mark.parametrize(
    "value", [0, 7, 1_790_000_000, True, "01970000-0000-7000-8000-000000000001", "2026-06-30", "cards_held", "a3f9" * 8]
)
def test_ids_and_codes_are(value: object) -> None:
    assert is_id(value)


@pytest.mark.parametrize("given", [{"number": "7"}, {"number": 13812345678}, {}, {"number": 1, "phone": 2}])
def test_an_argument_that_is_none_is_refused_without_being_said(short: Job, given: dict[str, Any]) -> None:
    with pytest.raises(Invariant) as fault:
        ask(system_actor(), of=short, **given)
    assert "13812345678" not in str(fault.value)
    assert queries.jobs_list(system_actor(), states=("waiting",)) == []


def test_no_more_wait_than_may(short: Job) -> None:
    one, other = (Actor("staff", name, frozenset({"view_overview"})) for name in ("one", "other"))
    ask(one, of=short, number=1)
    ask(one, of=short, number=2)
    with pytest.raises(TooMany, match="A job of the test"):
        ask(one, of=short, number=3)
    ask(other, of=short, number=3)
    with pytest.raises(TooMany):
        ask(system_actor(), of=short, number=4)


# --- running -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("carried", [{}, {"actor": None}, {"actor": {"kind": "staff"}}, {"actor": "lin"}])
def test_the_worker_quarantines_a_job_without_an_actor(short: Job, carried: dict[str, Any]) -> None:
    job_id = app.configure_task(short.name).defer(number=1, **carried)
    assert run(job_id) == "aborted"
    assert events(job_id) == [("refused", "no_actor")]
    assert RAN == []


def test_more_rights_written_into_a_job_are_no_rights(short: Job) -> None:
    job_id = ask(system_actor(), of=short, number=1)
    change(
        "UPDATE procrastinate_jobs"
        " SET args = jsonb_set(args, '{actor,permissions}', '[\"manage_users\", \"view_jobs\"]')"
    )
    run(job_id)
    assert RAN[0][0].permissions == {"view_jobs"}


def test_a_phone_put_into_a_job_behind_our_back_is_not_run(short: Job) -> None:
    job_id = ask(system_actor(), of=short, number=1)
    change("UPDATE procrastinate_jobs SET args = jsonb_set(args, '{number}', '13812345678')")
    assert run(job_id) == "aborted"
    assert events(job_id) == [("refused", "bad_argument")]


def test_a_raising_job_is_tried_again_and_then_failed_and_leaves_no_message(short: Job) -> None:
    def fail() -> None:
        raise ValueError("张小明 13812345678")

    MEANWHILE.append(fail)
    job_id = ask(system_actor(), of=short, number=1)
    assert [run(job_id), run(job_id)] == ["todo", "failed"]
    assert events(job_id) == [("raised", "unexpected")] * 2
    (row,) = queries.jobs_list(system_actor(), states=("failed",))
    assert (row.code, row.fault, row.attempts) == ("unexpected", "ValueError", 2)
    assert row.place.startswith("test_jobs_running.py:") or row.place.startswith("operations/")
    assert effects() == set()
    with owner() as cursor:
        cursor.execute("SELECT string_agg(t::text, '') FROM jobs_jobevent AS t")
        told = cursor.fetchone()[0]
        cursor.execute("SELECT string_agg(t::text, '') FROM governance_auditentry AS t")
        told += cursor.fetchone()[0]
    for part in ("13812345678", "****5678", "张小明"):  # of three digits alone a time of day may hold any
        assert part not in told


@pytest.mark.parametrize("kind", ["short", "long"])
def test_a_run_that_was_taken_over_commits_nothing(kind: str, request: pytest.FixtureRequest) -> None:
    """The reaper gave the job to another while this run slept; it wakes up and goes on."""
    of: Job = request.getfixturevalue(kind)
    MEANWHILE.append(lambda: change("UPDATE procrastinate_jobs SET status = 'todo', attempts = attempts + 1"))
    job_id = ask(system_actor(), of=of, number=1)
    assert run(job_id) == "todo"
    assert effects() == set()
    assert events(job_id) == []
    MEANWHILE.clear()
    run(job_id)
    assert effects() == {"effect-1"}


def test_the_database_ends_what_outlives_the_lease(brief: Job) -> None:
    """A statement that hangs, or a run that sleeps while it holds its locks, ends with the lease of a second."""

    def hang() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(20)")

    for happen in (hang, lambda: time.sleep(1.5)):
        MEANWHILE[:] = [happen]
        job_id = ask(system_actor(), of=brief, number=1)
        assert run(job_id) == "todo"
        assert events(job_id) == [("raised", "database")]
    assert effects() == set()


# --- reaping -------------------------------------------------------------------------------------------------------


def lost(job_id: int, how: str = "killed") -> str:
    queued = fetched(job_id)
    return actions.run_settle(REAPER, job_id=job_id, worker_id=queued.worker_id, attempt=queued.attempts, how=how)


def test_a_job_that_kills_three_workers_is_quarantined_and_a_person_lets_it_run_again(short: Job) -> None:
    job_id = ask(system_actor(), of=short, number=1)
    assert [lost(job_id), lost(job_id, "overdue"), lost(job_id)] == ["todo", "todo", "aborted"]
    assert [row.id for row in queries.jobs_list(system_actor(), states=("quarantined",))] == [job_id]
    with pytest.raises(BadInput, match="reason"):
        actions.job_retry(system_actor(), job_id=job_id, purpose=" ")
    actions.job_retry(system_actor(), job_id=job_id, purpose="memory was added")
    (entry,) = entries(action="job.retry")
    assert (entry.object_id, entry.purpose) == (str(job_id), "memory was added")
    assert lost(job_id) == "todo", "its strikes count anew"
    assert run(job_id) == "done"
    assert effects() == {"effect-1"}


def test_a_stop_of_the_server_is_no_strike(short: Job) -> None:
    job_id = ask(system_actor(), of=short, number=1)
    for _ in range(5):
        queued = fetched(job_id)
        told = {"job_id": job_id, "worker_id": queued.worker_id, "attempt": queued.attempts}
        actions.run_interrupt(REAPER, **told)
        assert actions.run_settle(REAPER, **told, how="killed") == "todo"


def test_a_run_is_settled_by_one(short: Job) -> None:
    job_id = ask(system_actor(), of=short, number=1)
    queued = fetched(job_id)
    told = {"job_id": job_id, "worker_id": queued.worker_id, "attempt": queued.attempts, "how": "killed"}
    actions.run_settle(REAPER, **told)
    with pytest.raises(Conflict):
        actions.run_settle(job_actor("jobs.reap"), **told)
    assert events(job_id) == [("killed", "killed")]


def test_a_step_of_the_wall_clock_kills_nobody(short: Job) -> None:
    """Every heartbeat looks an hour old at once: nobody is dead until theirs has stood still while one looked on."""
    job_id = ask(system_actor(), of=short, number=1)
    fetched(job_id)
    change("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '1 hour'")
    reaper = Reaper(Pace(heartbeat=0.2, dead=1))
    reaper.look()
    assert status(job_id) == "doing"
    change("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat + interval '1 second'")
    reaper.look()
    assert status(job_id) == "doing"
    time.sleep(0.3)
    reaper.look()
    assert status(job_id) == "todo"


def test_what_waits_long_rises_up_to_what_somebody_waits_for(short: Job) -> None:
    job_id = ask(system_actor(), of=short, number=1)

    def waited(minutes: int) -> int:
        change("UPDATE procrastinate_events SET at = now() - make_interval(mins => %s)", minutes)
        for _ in range(5):
            _rise()
        with connection.cursor() as cursor:
            cursor.execute("SELECT priority FROM procrastinate_jobs WHERE id = %s", [job_id])
            return int(cursor.fetchone()[0])

    assert [waited(5), waited(15), waited(25), waited(600)] == [0, 10, 20, 30]


# --- periodic ------------------------------------------------------------------------------------------------------


def at(hour: int, minute: int) -> datetime:
    return datetime(2026, 6, 30, hour, minute, tzinfo=UTC)


def seen(of: Job, tick: datetime, now: datetime | None = None) -> bool:
    """Whether the tick made a job, which is done at once."""
    made = see_to(of, tick, now or tick)
    change("DELETE FROM procrastinate_jobs")
    return made is not None


def test_a_tick_is_seen_to_once_and_a_pause_is_caught_up_by_one(clockwork: Job) -> None:
    assert not seen(clockwork, at(9, 0)), "the first look begins the schedule"
    assert seen(clockwork, at(9, 5))
    assert not seen(clockwork, at(9, 5))
    assert seen(clockwork, at(15, 0)), "after a pause the newest tick"
    assert not seen(clockwork, at(14, 55)), "an older one is over"


def test_a_clock_that_was_set_back_repeats_nothing_and_goes_on(clockwork: Job) -> None:
    seen(clockwork, at(9, 0))
    assert seen(clockwork, at(9, 30))
    assert not seen(clockwork, at(9, 20)), "half an hour back: those ticks are over"
    assert seen(clockwork, at(9, 35))
    assert seen(clockwork, at(20, 0)), "a step forward is one run"
    assert seen(clockwork, at(9, 40), at(9, 41)), "and back again by hours: time goes on from here"
    assert not seen(clockwork, at(9, 40), at(9, 41))
    assert not seen(clockwork, at(20, 0)), "that tick had its run"


def test_a_tick_while_one_waits_adds_nothing(clockwork: Job) -> None:
    see_to(clockwork, at(9, 0), at(9, 0))
    assert see_to(clockwork, at(9, 5), at(9, 5)) is not None
    assert see_to(clockwork, at(9, 10), at(9, 10)) is None
    with owner() as cursor:
        cursor.execute("SELECT job_id IS NULL FROM jobs_jobtick ORDER BY tick")
        assert [row[0] for row in cursor.fetchall()] == [True, False, True]


# --- what a person decides -----------------------------------------------------------------------------------------


def test_a_job_that_waits_can_be_given_up_and_one_that_runs_cannot(short: Job) -> None:
    job_id = ask(system_actor(), of=short, number=1)
    fetched(job_id)
    with pytest.raises(Conflict):
        actions.job_give_up(system_actor(), job_id=job_id, purpose="no use")
    change("UPDATE procrastinate_jobs SET status = 'todo'")
    actions.job_give_up(system_actor(), job_id=job_id, purpose="no use")
    assert [row.id for row in queries.jobs_list(system_actor(), states=("given_up",))] == [job_id]
    with pytest.raises(Conflict):
        actions.job_retry(system_actor(), job_id=job_id, purpose="after all")
    with pytest.raises(NotFound):
        actions.job_retry(system_actor(), job_id=job_id + 1, purpose="which")
    with pytest.raises(Forbidden):
        actions.job_retry(Actor("staff", "wu"), job_id=job_id, purpose="mine")


def test_old_records_go_and_the_newest_tick_stays(short: Job, clockwork: Job) -> None:
    job_id = ask(system_actor(), of=short, number=1)
    lost(job_id, "refused")
    old = datetime.now(UTC) - timedelta(days=100)
    see_to(clockwork, old - timedelta(hours=1), old)
    see_to(clockwork, old, old)
    actions.jobs_tidy(system_actor())
    assert status(job_id) == "aborted"
    change("UPDATE procrastinate_events SET at = now() - interval '91 days'")
    change("UPDATE jobs_jobevent SET at = now() - interval '91 days'")
    assert actions.jobs_tidy(system_actor()) >= 1
    assert status(job_id) == "done"
    with owner() as cursor:
        cursor.execute("SELECT (SELECT count(*) FROM jobs_jobevent), (SELECT count(*) FROM jobs_jobtick)")
        assert cursor.fetchone() == (0, 1)


def test_a_run_that_cannot_be_settled_at_once_is_not_lost(short: Job) -> None:
    """Somebody else looks at the job, under a lock, while it fails: it waits for them, and is tried again."""
    import psycopg

    def fail() -> None:
        raise ValueError

    MEANWHILE.append(fail)
    job_id = ask(system_actor(), of=short, number=1)
    queued = fetched(job_id)
    known = connection.get_connection_params()
    place = {name: known[name] for name in ("dbname", "user", "password", "host", "port") if known.get(name)}
    with psycopg.connect(**place) as other:
        other.execute("SELECT FROM procrastinate_jobs WHERE id = %s FOR UPDATE", [job_id])
        threading.Timer(0.5, other.rollback).start()
        with pytest.raises(JobAborted):
            running.run(queued, queued.task_kwargs)
    assert status(job_id) == "todo"
    assert events(job_id) == [("raised", "unexpected")]
