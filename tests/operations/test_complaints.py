"""The complaint register: intake, clock, who handles and who never sees it, what the database holds by itself."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction
from small_bank import customer_id

from zhike.core.actor import WHOLE_BANK, Actor, Scope
from zhike.core.clock import now
from zhike.core.errors import BadInput, Conflict, Forbidden, NotFound, TooMany
from zhike.core.settings import settings
from zhike.data.tables import TABLES
from zhike.operations.governance import own_keys
from zhike.operations.governance.acting import action, transaction_of
from zhike.operations.governance.actors import cardholder_actor, job_actor, system_actor
from zhike.operations.governance.approved import applying
from zhike.operations.governance.belonging import cover_begin, today
from zhike.operations.governance.models import AuditEntry, OwnKey, User
from zhike.operations.governance.roles import ROLES
from zhike.operations.service import actions, clock, codes, queries
from zhike.operations.service.models import Complaint, ComplaintExtension, ComplaintStep, ComplaintText

SYSTEM = system_actor()
SAID = "柜员态度恶劣，请回电 13812345678，张小明"
pytestmark = pytest.mark.django_db


def _staff(name: str, role: str, scope: Scope = WHOLE_BANK) -> Actor:
    return Actor("staff", name, ROLES[role].permissions, locale="en", roles=frozenset({role}), scope=scope)


SUPERVISOR, OFFICER = _staff("su", "service_supervisor"), _staff("officer", "consumer_protection_officer")
AGENT = _staff("agent", "service_agent")
TELLER = _staff("zhou", "teller", Scope(branches=frozenset({10, 11})))
ELSEWHERE = _staff("wang", "teller", Scope(branches=frozenset({20})))


@pytest.fixture(scope="module", autouse=True)
def _published(published_bank: None) -> None:
    return


@pytest.fixture(autouse=True)
def _people(db: None) -> None:
    User.objects.bulk_create(
        User(username=actor.name, password="!", role=next(iter(actor.roles)))
        for actor in (SUPERVISOR, OFFICER, AGENT, TELLER, ELSEWHERE)
    )


def take(actor: Actor = AGENT, number: int | None = 0, about: str | None = None, **other: object) -> str:
    given: dict[str, object] = {"channel": "phone", "cause": "conduct", "text": SAID, **other}
    return actions.complaint_take(
        actor, customer_id=None if number is None else customer_id(number), about=about, **given
    )


def at_work(about: str | None = None) -> str:
    complaint = take(about=about)
    actions.complaint_assign(SUPERVISOR, complaint_id=complaint, handler="officer")
    return complaint


def test_numbers_follow_each_other_within_a_year() -> None:
    one, other = take(), take()
    assert one == f"C{today().year}-000001"
    assert other == f"C{today().year}-000002"


def test_from_intake_to_close_every_step_is_kept() -> None:
    complaint = at_work()
    actions.complaint_extend(OFFICER, complaint_id=complaint, days_kind="complex")
    actions.complaint_answer(OFFICER, complaint_id=complaint, outcome="partly", text="已致歉并退还手续费")
    actions.complaint_close(OFFICER, complaint_id=complaint)
    actions.complaint_review(AGENT, complaint_id=complaint, text="对答复不满意")
    actions.complaint_extend(OFFICER, complaint_id=complaint, days_kind="review_long")
    actions.complaint_answer(OFFICER, complaint_id=complaint, outcome="upheld", text="核查后更正")
    actions.complaint_close(OFFICER, complaint_id=complaint)
    page = queries.complaint_get(SUPERVISOR, complaint)
    assert [(step.step, step.actor, step.clock) for step in page.steps] == [
        ("received", "staff:agent", "plain"),
        ("accepted", "staff:su", "plain"),
        ("assigned", "staff:su", "plain"),
        ("in_progress", "staff:su", "plain"),
        ("extended", "staff:officer", "complex"),
        ("answered", "staff:officer", "complex"),
        ("closed", "staff:officer", "complex"),
        ("review", "staff:agent", "review"),
        ("extended", "staff:officer", "review_long"),
        ("answered", "staff:officer", "review_long"),
        ("closed", "staff:officer", "review_long"),
    ]
    assert [text.kind for text in page.texts] == ["complaint", "answer", "review", "answer"]
    assert (page.row.state, page.row.outcome, page.row.days_left) == ("closed", "upheld", None)


@pytest.mark.parametrize(
    ("kind", "due"),
    [
        ("plain", date(2026, 3, 4)),
        ("complex", date(2026, 3, 19)),
        ("special", date(2026, 4, 18)),
        ("review", date(2026, 3, 19)),
        ("review_long", date(2026, 4, 18)),
    ],
)
def test_the_clock_counts_calendar_days_from_the_day_of_receipt(kind: str, due: date) -> None:
    assert clock.due_on(date(2026, 2, 17), kind) == due
    assert clock.days_left(due, due) == 0
    assert clock.days_left(due, due + timedelta(days=2)) == -2


def test_the_day_of_receipt_is_the_banks(monkeypatch: pytest.MonkeyPatch) -> None:
    """17:30 UTC is half past one of the next day in Shanghai."""
    received = (now() - timedelta(days=3)).replace(hour=17, minute=30)
    row = Complaint.objects.get(pk=take(received_at=received))
    assert row.received_on == received.date() + timedelta(days=1)
    assert row.due_on == row.received_on + timedelta(days=15)
    with pytest.raises(BadInput, match="later than now"):
        take(received_at=now() + timedelta(minutes=5))


def test_what_is_due_is_found_by_its_filter() -> None:
    def taken(days_ago: int, **other: object) -> str:
        return take(received_at=now() - timedelta(days=days_ago), **other)

    fresh, soon, late, answered = taken(0), taken(13, by_regulator=True), taken(20), taken(40)
    for complaint in (late, answered):
        actions.complaint_assign(SUPERVISOR, complaint_id=complaint, handler="officer")
    actions.complaint_answer(OFFICER, complaint_id=answered, outcome="upheld", text="已答复")

    def found(which: queries.Filter, actor: Actor = OFFICER) -> list[str]:
        return [row.complaint_id for row in queries.complaint_list(actor, which).rows]

    assert found("open") == [answered, late, soon, fresh]
    assert found("mine") == [answered, late]
    assert (found("due_soon"), found("overdue"), found("regulator")) == ([soon], [late], [soon])
    assert queries.complaint_list(OFFICER).counts == {
        "open": 4, "mine": 2, "due_soon": 1, "overdue": 1, "regulator": 1, "all": 4,
    }  # fmt: skip
    first = queries.complaint_list(OFFICER, limit=3)
    assert [row.complaint_id for row in queries.complaint_list(OFFICER, limit=3, after=first.after).rows] == [fresh]
    assert {row.complaint_id: row.days_left for row in first.rows} == {answered: None, late: -5, soon: 2}


def test_whom_it_is_about_neither_sees_nor_handles_it() -> None:
    complaint = take(about="su")
    actions.complaint_assign(OFFICER, complaint_id=complaint, handler="officer")
    for read in (
        lambda: queries.complaint_get(SUPERVISOR, complaint),
        lambda: actions.complaint_assign(SUPERVISOR, complaint_id=complaint, handler="su"),
        lambda: actions.complaint_close(SUPERVISOR, complaint_id=complaint, withdrawn=True),
        lambda: actions.complaint_read(SUPERVISOR, complaint_id=complaint, text_id=1, purpose="looking"),
        lambda: queries.complaint_get(replace(OFFICER, kind="key", name="a key", on_behalf_of="su"), complaint),
    ):
        with pytest.raises(NotFound, match="no such complaint"):
            read()
    assert queries.complaint_list(SUPERVISOR, "all").rows == []
    with pytest.raises(Forbidden, match="Neither the person"):
        actions.complaint_assign(OFFICER, complaint_id=complaint, handler="su")


def test_the_second_lock_hides_it_where_the_first_was_forgotten() -> None:
    at_work(about="zhou")
    for table in ("complaint", "complaintstep", "complainttext"):
        for actor, sees in ((TELLER, 0), (OFFICER, 1), (ELSEWHERE, 0), (cardholder_actor(customer_id(0)), 1)):
            with transaction_of(actor), connection.cursor() as cursor:
                cursor.execute(f"SELECT count(DISTINCT complaint_id) FROM service_{table}")
                assert cursor.fetchone() == (sees,), (table, actor.name)


def test_without_an_actor_reading_raises() -> None:
    at_work()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('zhike.scope', '', true)")
    for table in ("complaint", "complaintstep", "complainttext", "complaintnumber"):
        with pytest.raises(ProgrammingError, match="nobody acts"), transaction.atomic():
            connection.cursor().execute(f"SELECT count(*) FROM service_{table}")


def test_a_stand_in_of_whom_it_is_about_does_not_handle_it() -> None:
    complaint = take(about="su")
    cover_begin(SYSTEM, user="officer", covers="su", valid_from=today(), valid_to=today() + timedelta(days=7))
    for act in (
        lambda: actions.complaint_accept(OFFICER, complaint_id=complaint),
        lambda: actions.complaint_assign(OFFICER, complaint_id=complaint, handler="officer"),
    ):
        with pytest.raises(Forbidden, match="stands in for them"):
            act()
    assert queries.complaint_get(OFFICER, complaint).row.state == "received"


def test_the_database_refuses_a_handler_who_is_complained_about() -> None:
    complaint = at_work()
    with pytest.raises(IntegrityError, match="complaint_handler_not_about"), transaction.atomic():
        Complaint.objects.filter(pk=complaint).update(about="officer")
    with pytest.raises(IntegrityError, match="is_a_user"), transaction.atomic():
        Complaint.objects.filter(pk=complaint).update(about="nobody")


def test_naming_the_person_takes_it_from_their_sight() -> None:
    complaint = take(actor=TELLER)
    assert queries.complaint_get(TELLER, complaint).row.taken_by == "zhou"
    actions.complaint_name(OFFICER, complaint_id=complaint, about="zhou")
    with pytest.raises(NotFound):
        queries.complaint_get(TELLER, complaint)
    with pytest.raises(BadInput, match="yourself"):
        actions.complaint_name(OFFICER, complaint_id=complaint, about="officer")
    with pytest.raises(BadInput, match="yourself"):
        take(actor=TELLER, about="zhou")
    with pytest.raises(BadInput, match="log-in name"):
        take(about="nobody")
    busy = at_work()
    with pytest.raises(Conflict, match="another handler first"):
        actions.complaint_name(SUPERVISOR, complaint_id=busy, about="officer")


def test_reassigning_keeps_who_had_it() -> None:
    complaint = at_work()
    actions.complaint_assign(OFFICER, complaint_id=complaint, handler="su")
    steps = queries.complaint_get(OFFICER, complaint).steps
    assert [step.handler for step in steps if step.step == "assigned"] == ["officer", "su"]
    with pytest.raises(Forbidden, match="Only its handler"):
        actions.complaint_answer(OFFICER, complaint_id=complaint, outcome="upheld", text="已答复")
    with pytest.raises(BadInput, match="nobody here"):
        actions.complaint_assign(OFFICER, complaint_id=complaint, handler="agent")


def test_the_special_extension_needs_another_persons_approval() -> None:
    complaint = at_work()
    actions.complaint_extend(OFFICER, complaint_id=complaint, days_kind="complex")
    for approved_by in ("", "officer"):
        with pytest.raises(Forbidden, match="another person"):
            actions.complaint_extend(OFFICER, complaint_id=complaint, days_kind="special", approved_by=approved_by)
    signed = {"complaint_id": complaint, "days_kind": "special", "approved_by": "su", "requested_by": "officer"}
    with pytest.raises(Forbidden, match="second person"):
        actions.complaint_extend(SUPERVISOR, **signed)  # said to be approved, and by no request
    with applying("complaint_extension"):
        actions.complaint_extend(SUPERVISOR, **signed)
    row = Complaint.objects.get(pk=complaint)
    assert row.due_on == row.received_on + timedelta(days=60)
    with pytest.raises(BadInput, match="not extended"):
        actions.complaint_extend(OFFICER, complaint_id=complaint, days_kind="complex")
    for wrong in ({"approved_by": ""}, {"approved_by": "officer"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ComplaintExtension.objects.create(complaint_id=complaint, clock="special", requested_by="officer", **wrong)


def test_the_database_knows_the_roads() -> None:
    """Every pair of states, tried by SQL: exactly those of `codes.ROADS` are open."""
    for before in codes.STATES:
        for after in codes.STATES:
            if before == after:
                continue
            complaint = take()
            _put(complaint, before)
            early = after == "closed" and before in ("received", "accepted", "in_progress")
            allowed = after in codes.ROADS[before]
            with transaction.atomic():
                refused = _refused(complaint, after, "withdrawn" if early else "upheld")
            assert refused != allowed, (before, after)
    assert _refused(take(), "closed", "upheld"), "closed before an answer only when withdrawn"


def _put(complaint: str, state: str) -> None:
    roads = {"received": (), "accepted": ("accepted",), "in_progress": ("accepted", "in_progress")}
    roads["answered"] = (*roads["in_progress"], "answered")
    roads["review"] = (*roads["answered"], "review")
    roads["closed"] = (*roads["answered"], "closed")
    for step in roads[state]:
        Complaint.objects.filter(pk=complaint).update(state=step, handler="officer", outcome="upheld")


def _refused(complaint: str, state: str, outcome: str) -> bool:
    try:
        with transaction.atomic():
            Complaint.objects.filter(pk=complaint).update(state=state, handler="officer", outcome=outcome)
    except IntegrityError:
        return True
    return False


@pytest.mark.parametrize("table", ["complaintstep", "complainttext", "complaintextension", "complaint"])
def test_what_happened_is_never_changed(table: str) -> None:
    complaint = at_work()
    actions.complaint_extend(OFFICER, complaint_id=complaint, days_kind="complex")
    verbs = [f"DELETE FROM service_{table}"]
    verbs += [] if table == "complaint" else [f"UPDATE service_{table} SET complaint_id = complaint_id"]
    if table == "complaint":
        verbs += [f"UPDATE service_complaint SET {column} = '{value}'" for column, value in
                  (("taken_by", "x"), ("received_on", "2020-01-01"), ("customer_id", customer_id(1)))]  # fmt: skip
    for statement in verbs:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE NONE")  # even the owner, whom no policy holds
            with pytest.raises(DatabaseError), transaction.atomic():
                cursor.execute(statement)
            cursor.execute("SET LOCAL ROLE zhike_app")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO service_complaintstep (complaint_id, at, actor, step, before, clock, due_on)"
            " VALUES (%s, now(), 'staff:x', 'closed', '', 'plain', now())",
            [complaint],
        )


def test_open_complaints_are_counted_for_whom_they_are_about_too() -> None:
    at_work(about="zhou")
    withdrawn = take()
    actions.complaint_close(OFFICER, complaint_id=withdrawn, withdrawn=True)
    take(number=2)
    take(number=None)
    asked = [customer_id(n) for n in range(3)]
    assert queries.complaints_open_now(OFFICER, asked) == {customer_id(0): 1, customer_id(2): 1}
    assert queries.complaints_open_now(TELLER, asked) == {customer_id(0): 1}, "about themselves, and yet no selling"
    assert queries.complaints_open_now(ELSEWHERE) == {customer_id(2): 1}
    assert queries.complaints_open_now(cardholder_actor(customer_id(1)), asked) == {}
    assert queries.complaints_open_now(OFFICER, []) == {}
    executive = _staff("chief", "executive")
    with pytest.raises(Forbidden):
        queries.complaints_open_now(executive, asked)


def test_branches_see_their_customers_complaints_only() -> None:
    theirs = take(number=2)
    with pytest.raises(NotFound, match="no such complaint"):
        queries.complaint_get(TELLER, theirs)
    with pytest.raises(NotFound, match="no such complaint"):
        queries.complaint_get(TELLER, "C2026-999999")
    with pytest.raises(NotFound, match="no such customer"):
        take(actor=TELLER, number=2)
    stranger = take(number=None)
    with pytest.raises(NotFound):
        queries.complaint_get(TELLER, stranger)
    with pytest.raises(BadInput, match="stranger"):
        take(actor=TELLER, number=None)
    assert queries.complaint_get(ELSEWHERE, theirs).row.customer_id == customer_id(2)


def test_the_text_stands_sealed_and_is_read_for_a_purpose() -> None:
    complaint = take(actor=TELLER)
    [text] = ComplaintText.objects.filter(complaint_id=complaint)
    assert b"13812345678" not in bytes(text.sealed)
    assert "张小明".encode() not in bytes(text.sealed)
    read = {"complaint_id": complaint, "text_id": text.pk}
    assert actions.complaint_read(OFFICER, purpose="处理投诉", **read) == SAID
    assert actions.complaint_read(TELLER, purpose="核对登记", **read) == SAID, "who took it"
    with pytest.raises(Forbidden, match="who handles complaints"):
        actions.complaint_read(AGENT, purpose="好奇", **read)
    with pytest.raises(BadInput, match="purpose"):
        actions.complaint_read(OFFICER, purpose=" ", **read)
    with transaction_of(SYSTEM):
        entries = list(AuditEntry.objects.order_by("id"))
    [entry] = [e for e in entries if (e.action, e.outcome, e.actor_name) == ("complaint.read", "done", "officer")]
    assert (entry.object_type, entry.object_id, entry.purpose) == ("complaint", complaint, "处理投诉")
    told = str([each.detail for each in entries])
    assert [part for part in ("13812345678", "****5678", "张小明") if part in told] == []


def test_many_texts_are_not_read_in_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    limited = replace(settings(), reveals_per_hour=2)
    monkeypatch.setattr(actions, "settings", lambda: limited)
    complaint = take()
    [text] = ComplaintText.objects.filter(complaint_id=complaint)
    read = {"complaint_id": complaint, "text_id": text.pk, "purpose": "处理投诉"}
    for _ in range(2):
        assert actions.complaint_read(OFFICER, **read) == SAID
    with pytest.raises(TooMany, match="At most 2 in an hour"):
        actions.complaint_read(OFFICER, **read)
    assert actions.complaint_read(SUPERVISOR, **read) == SAID, "another person's hour is their own"


def test_a_text_moved_or_whose_key_is_destroyed_is_not_read() -> None:
    one, other = take(), take()
    texts = {each.complaint_id: each for each in ComplaintText.objects.all()}
    key_id = Complaint.objects.get(pk=one).key_id
    from zhike.core.errors import Invariant
    from zhike.operations.service import texts as sealing

    with pytest.raises(Invariant):
        sealing.opened(key_id, "complaint", bytes(texts[other].sealed))
    with pytest.raises(Invariant):
        sealing.opened(key_id, "answer", bytes(texts[one].sealed))
    assert _destroy(SYSTEM, key_id=key_id) == 1
    assert not OwnKey.objects.filter(pk=key_id).exists()
    with pytest.raises(NotFound, match="erased"):
        actions.complaint_read(OFFICER, complaint_id=one, text_id=texts[one].pk, purpose="处理投诉")


@action(permission="erase_person", audit="test.destroy")
def _destroy(actor: Actor, *, key_id: object) -> int:
    return own_keys.destroy([key_id])  # type: ignore[list-item]


@pytest.mark.parametrize("text", ["", "  \n ", "字" * 4_001, "a\x07b"])
def test_a_text_that_cannot_be(text: str) -> None:
    with pytest.raises(BadInput):
        take(text=text)


@pytest.mark.parametrize("wrong", [{"channel": "fax"}, {"cause": "x' OR 1=1"}, {"severity": "huge"}])
def test_a_code_that_is_none(wrong: dict[str, str]) -> None:
    with pytest.raises(BadInput, match="There are"):
        take(**wrong)


def test_steps_are_told_to_the_facts_in_the_canonical_shape() -> None:
    complaint = at_work()
    actions.complaint_answer(OFFICER, complaint_id=complaint, outcome="upheld", text="已答复")
    actions.complaint_review(AGENT, complaint_id=complaint, text="不满意")
    actions.complaint_answer(OFFICER, complaint_id=complaint, outcome="upheld", text="核查答复")
    actions.complaint_close(OFFICER, complaint_id=complaint)
    take(number=None)
    rows = queries.complaint_events_between(job_actor("export"), today(), today())
    assert [row["step"] for row in rows] == ["received", "answered", "received", "reviewed", "closed"]
    table = TABLES["complaint"]
    assert set(rows[0]) == {column.name for column in table.columns}
    import pyarrow as pa

    assert pa.Table.from_pylist(rows, table.arrow_schema()).num_rows == 5
    assert queries.complaint_events_between(job_actor("export"), date(2020, 1, 1), date(2020, 1, 2)) == []


def test_a_cardholder_takes_and_reads_their_own() -> None:
    holder = cardholder_actor(customer_id(4))
    complaint = take(actor=holder, number=4, channel="app")
    page = queries.complaint_get(holder, complaint)
    actions.complaint_assign(SUPERVISOR, complaint_id=complaint, handler="officer")
    told = queries.complaint_get(holder, complaint)
    assert "officer" not in str(told)
    assert "staff:" not in str(told)
    assert "officer" not in str(queries.complaint_list(holder, "all"))
    assert actions.complaint_read(holder, complaint_id=complaint, text_id=page.texts[0].text_id, purpose="own") == SAID
    with pytest.raises(NotFound):
        take(actor=holder, number=5)
    with pytest.raises(NotFound):
        queries.complaint_get(holder, take())
    assert (
        ComplaintStep.objects.filter(complaint_id=complaint, step="received").get().actor
        == f"cardholder:{customer_id(4)}"
    )
