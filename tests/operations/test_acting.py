"""Actions and queries: permission, one transaction, one audit entry; an exception rolls all of it back."""

import psycopg
import pytest
from django.db import connection, transaction
from django.db.utils import InternalError, ProgrammingError
from owning import entries, owner

from zhike.core.actor import Actor
from zhike.core.errors import BadInput, Forbidden, Invariant
from zhike.operations.governance.acting import action, note, query, step
from zhike.operations.governance.models import User

MAY = Actor("staff", "lin", frozenset({"manage_users"}), purpose="test")
MAY_NOT = Actor("staff", "wu")


@action(permission="manage_users", audit="user.create", about="user")
def add_user(actor: Actor, *, user: str, fail: bool = False) -> str:
    User.objects.create_user(user, "a password of some length", role="analyst")
    note(role="analyst")
    if fail:
        raise BadInput("no")
    return session_actor()


@action(permission="manage_users", audit="user.import", long=True)
def import_users(actor: Actor, *, users: list[str], fail: bool = False) -> None:
    for user in users:
        with step():
            User.objects.create_user(user, "a password of some length", role="analyst")
    note(users=len(users))
    if fail:
        raise BadInput("no")


@query(permission="manage_users")
def count_users(actor: Actor, write: bool = False) -> int:
    if write:
        User.objects.create_user("sly", "a password of some length", role="analyst")
    return User.objects.count()


def session_actor(setting: str = "zhike.actor") -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s, true)", [setting])
        return str(cursor.fetchone()[0])


def trail() -> list[tuple[str, str, str]]:
    return [(one.action, one.outcome, one.object_id) for one in entries()]


@pytest.mark.django_db
def test_an_action_runs_as_its_actor_and_leaves_one_entry() -> None:
    assert add_user(MAY, user="zhao") == "staff:lin"
    (entry,) = entries()
    assert (entry.action, entry.outcome, entry.object_type, entry.object_id) == ("user.create", "done", "user", "zhao")
    assert (entry.actor_kind, entry.actor_name, entry.purpose) == ("staff", "lin", "test")
    assert entry.detail == {"role": "analyst"}


def test_the_actor_does_not_outlive_the_transaction(committed: None) -> None:
    add_user(MAY, user="zhao")
    assert (session_actor(), session_actor("zhike.scope")) == ("", "")


def test_an_exception_rolls_back_the_write_and_the_entry(committed: None) -> None:
    with pytest.raises(BadInput):
        add_user(MAY, user="zhao", fail=True)
    assert not User.objects.exists()
    assert trail() == []


def test_a_refusal_changes_nothing_and_is_on_record(committed: None) -> None:
    with pytest.raises(Forbidden, match="wu may not manage users"):
        add_user(MAY_NOT, user="zhao")
    assert not User.objects.exists()
    assert trail() == [("user.create", "refused", "zhao")]


def test_a_long_action_has_a_start_and_an_end_of_one_run(committed: None) -> None:
    import_users(MAY, users=["zhao", "qian"])
    with pytest.raises(BadInput):
        import_users(MAY, users=["sun"], fail=True)
    assert [outcome for _, outcome, _ in trail()] == ["started", "finished", "started", "failed"]
    runs = [entry.detail["run"] for entry in entries()]
    assert runs[0] == runs[1] != runs[2] == runs[3]
    assert entries(outcome="failed")[0].detail["error"] == "BadInput"
    assert User.objects.count() == 3  # steps are transactions of their own: what a long action did stays


def test_a_query_needs_the_right_and_cannot_write(committed: None) -> None:
    assert count_users(MAY) == 0
    with pytest.raises(Forbidden):
        count_users(MAY_NOT)
    with pytest.raises(InternalError, match="read-only"):
        count_users(MAY, write=True)


@pytest.mark.django_db
def test_one_transaction_has_one_actor() -> None:
    @query(permission="manage_users")
    def as_somebody_else(actor: Actor) -> int:
        return count_users(Actor("staff", "other", frozenset({"manage_users"})))

    with pytest.raises(Invariant, match="one transaction, one actor"):
        as_somebody_else(MAY)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE governance_auditentry SET actor_name = 'nobody'",
        "DELETE FROM governance_auditentry",
        "TRUNCATE governance_auditentry",
    ],
)
def test_the_audit_log_refuses_every_change(committed: None, change: str) -> None:
    add_user(MAY, user="zhao")
    refused = pytest.raises(ProgrammingError, match="permission denied")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    with pytest.raises(psycopg.IntegrityError, match="append-only"), owner() as cursor:
        cursor.execute(change)
    assert entries()[0].actor_name == "lin"


def test_a_write_outside_an_action_is_refused() -> None:
    with pytest.raises(Invariant, match="outside an action"), step():
        pass
