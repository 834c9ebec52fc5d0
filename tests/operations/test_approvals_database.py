"""What the database refuses whoever asks: the owner of the tables, and code that forgot a lock."""

import psycopg
import pytest
from approving import asked_for, let_expire, made_kind, sign, user
from django.db import DatabaseError
from owning import owner

from zhike.core.errors import Conflict, NotFound
from zhike.operations.approvals import jobs, queries
from zhike.operations.approvals.models import Request, Signature, Version
from zhike.operations.approvals.seeing import kinds_seen
from zhike.operations.governance.acting import transaction_of, transaction_to_write
from zhike.operations.governance.actors import job_actor, system_actor
from zhike.operations.governance.models import AuditEntry

pytestmark = pytest.mark.usefixtures("committed")
WRONG_SIGNATURES = (
    ({"checker": "lin"}, "signature_by_another"),
    ({"checker": "lin", "maker": "somebody"}, "signature_maker"),
    ({"on_behalf_of": "lin"}, "signature_lent_by_another"),
    ({"on_behalf_of": "wu"}, "signature_lent_by_another"),
    ({"version": 2}, "current version"),
    ({"digest": "0" * 64}, "current version"),
    ({"decision": "maybe"}, "signature_decision"),
)
WRONG_WAYS = (
    ("UPDATE approvals_request SET state = 'approved'", "0 of 1 signatures"),
    ("UPDATE approvals_request SET state = 'applied', ended_at = now()", "there is no way to applied"),
    ("UPDATE approvals_request SET state = 'refused', ended_at = now()", "nobody refused"),
    ("UPDATE approvals_request SET state = 'expired', ended_at = now()", "has not expired"),
    ("UPDATE approvals_request SET state = 'draft'", "there is no way to draft"),
    ("UPDATE approvals_request SET maker = 'wu'", "never changes"),
    ("UPDATE approvals_request SET needed = 2", "never changes"),
    ("UPDATE approvals_request SET expires_at = now() + interval '1 year'", "day of expiry stays"),
    ("UPDATE approvals_request SET digest = repeat('0', 64)", "an edit is a new version"),
    ("UPDATE approvals_request SET version = 2", "request_version"),
    ("UPDATE approvals_request SET ended_at = now()", "request_end_has_its_time"),
    ("DELETE FROM approvals_request", "DELETE is refused"),
    ("UPDATE approvals_version SET payload = '{}'", "UPDATE is refused"),
    ("DELETE FROM approvals_version", "DELETE is refused"),
    ("TRUNCATE approvals_signature", "TRUNCATE is refused"),
    (
        """INSERT INTO approvals_version (request_id, number, payload, digest, reason, effect)
        SELECT id, 2, '{}', digest, 'x', '{}' FROM approvals_request""",
        "digest is not of this payload",
    ),
    (
        """INSERT INTO approvals_request (kind, maker, reason, state, version, digest, needed)
        SELECT kind, maker, reason, 'open', 1, digest, 1 FROM approvals_request""",
        "begins as the draft",
    ),
)


@pytest.fixture
def maker(committed: None):
    return user("lin")


@pytest.fixture
def checker(committed: None):
    return user("wu")


def _insert(cursor: psycopg.Cursor, number: int, **changed) -> None:
    cursor.execute("SELECT maker, version, digest FROM approvals_request WHERE id = %s", [number])
    maker, version, held = cursor.fetchone()
    row = {"request_id": number, "maker": maker, "version": version, "digest": held, "checker": "wu",
           "on_behalf_of": None, "decision": "signed", "note": "", "effect": "{}", **changed}  # fmt: skip
    places = ", ".join(["%s"] * len(row))
    cursor.execute(f"INSERT INTO approvals_signature ({', '.join(row)}) VALUES ({places})", list(row.values()))


def _newest(cursor: psycopg.Cursor) -> int:
    return cursor.execute("SELECT max(id) FROM approvals_request").fetchone()[0]


def test_the_owner_of_the_tables_cannot_sign_wrongly_or_leave_the_road(maker, checker) -> None:
    with made_kind(), owner() as cursor:
        number = asked_for(maker)
        for changed, refused in WRONG_SIGNATURES:
            with pytest.raises(psycopg.IntegrityError, match=refused):
                _insert(cursor, number, **changed)
        for statement, refused in WRONG_WAYS:
            with pytest.raises(psycopg.Error, match=refused):
                cursor.execute(statement)
        _insert(cursor, number)  # what is right passes, so that the refusals above mean something
        with pytest.raises(psycopg.IntegrityError, match="signature_once"):
            _insert(cursor, number)
        with pytest.raises(psycopg.IntegrityError, match="signature_of_two_rights"):
            _insert(cursor, number, checker="zhao", on_behalf_of="wu")


def test_what_has_ended_never_changes(maker, checker) -> None:
    with made_kind(), owner() as cursor:
        sign(checker, asked_for(maker))
        for change in ("state = 'open', ended_at = NULL", "reason = 'another'", "failure = '{}'"):
            with pytest.raises(psycopg.IntegrityError):
                cursor.execute(f"UPDATE approvals_request SET {change}")
        for verb in ("UPDATE approvals_signature SET note = 'x'", "DELETE FROM approvals_signature"):
            with pytest.raises(psycopg.IntegrityError, match="is refused"):
                cursor.execute(verb)
        with pytest.raises(psycopg.IntegrityError, match="not open for signatures"):
            _insert(cursor, _newest(cursor), checker="zhao")


def test_the_expired_cannot_be_signed_before_and_after_it_is_marked(maker, checker) -> None:
    with made_kind() as bench, owner() as cursor:
        number = asked_for(maker)
        let_expire(number)
        assert queries.request_get(maker, number).row.state == "expired", "by the clock, whoever marks it when"
        assert queries.request_list(checker) == []
        with pytest.raises(Conflict, match="has expired"):
            sign(checker, number)
        with pytest.raises(psycopg.IntegrityError, match="not open for signatures"):
            _insert(cursor, number)
        jobs.expire(job_actor("approvals.expire"))
        with transaction_of(system_actor()):
            entry = AuditEntry.objects.get(action="approval.expire")
        assert (entry.actor_name, entry.detail) == ("approvals.expire", {"requests": 1})
        with pytest.raises(Conflict, match="is expired"):
            sign(checker, number)
        assert bench.done == []


def test_the_second_lock_shows_ones_own_and_what_one_may_sign(maker, checker) -> None:
    outsider, colleague = user("sun", "marketer"), user("qian", "marketer")
    with made_kind(ask="make_request", sign="manage_users"):
        number, own = asked_for(maker), asked_for(colleague)
        seen = {}
        for one in (maker, checker, outsider, colleague):
            with transaction_of(one):
                kinds_seen(one)
                seen[one.name] = (set(Request.objects.values_list("id", flat=True)), Version.objects.count())
        assert seen == {"lin": ({number, own}, 2), "wu": ({number, own}, 2), "sun": (set(), 0), "qian": ({own}, 1)}
        said = set()
        for asked in (number, number + 100):
            with pytest.raises(NotFound) as fault:
                queries.request_get(outsider, asked)
            said.add(str(fault.value).replace(str(asked), "N"))
        assert len(said) == 1
        with pytest.raises(NotFound):
            sign(outsider, number)
        with pytest.raises(DatabaseError, match="was not told who"), transaction_of(checker):
            list(Request.objects.all())


def test_code_of_the_app_signs_in_nobody_elses_name(maker, checker) -> None:
    def signed_as(name: str) -> None:
        with transaction_to_write(checker):
            kinds_seen(checker)
            kept = {"maker": "lin", "version": 1, "checker": name, "decision": "signed", "effect": {}}
            Signature.objects.create(request_id=number, digest=Request.objects.get(id=number).digest, **kept)

    with made_kind():
        number = asked_for(maker)
        with pytest.raises(DatabaseError, match="row-level security"):
            signed_as("zhao")
        signed_as("wu")
