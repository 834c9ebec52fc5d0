"""The real kinds: what they count, what they do, and that the direct road is closed."""

import json
from datetime import date, timedelta

import pytest
from approving import sign, user
from small_bank import customer_id, keep_people

from zhike.core.actor import Actor
from zhike.core.errors import BadInput, Conflict, Forbidden, NotFound
from zhike.core.workspace import workspace
from zhike.operations.approvals import actions, queries
from zhike.operations.approvals.signing import effect_now, signer_of
from zhike.operations.governance.acting import transaction_of
from zhike.operations.governance.actors import system_actor
from zhike.operations.governance.audit import finding
from zhike.operations.governance.audit.finding import Wanted, audit_export, export_verify
from zhike.operations.governance.belonging import today
from zhike.operations.governance.erasing import person_erase
from zhike.operations.governance.models import AuditEntry
from zhike.operations.governance.queries import identity_masked
from zhike.operations.governance.roles import ROLES
from zhike.operations.service import actions as service
from zhike.operations.service import queries as complaints

pytestmark = pytest.mark.django_db


def later() -> date:
    return today() + timedelta(days=1)


def opened(maker: Actor, kind: str, **given: object) -> int:
    number = actions.request_make(maker, kind=kind, given=given, reason="for a test")
    actions.request_open(maker, request_id=number)
    return number


def told(actor: Actor, number: int) -> list[str]:
    return queries.request_get(actor, number).current.effect.sentences("en")


def test_a_person_is_erased_by_three_people(seeing_all: None, db: None) -> None:
    keep_people()
    officer = "consumer_protection_officer"
    maker, first, second = (user(name, officer) for name in ("lin", "wu", "zhao"))
    with pytest.raises(Forbidden, match="second person"):
        person_erase(maker, customer_id=customer_id(0), purpose="asked for")
    number = opened(maker, "person_erasure", customer=customer_id(0), ground="asked")
    assert told(maker, number)[0].startswith("Destroys 3 identity fields and ")
    assert sign(first, number).state == "open"
    assert identity_masked(system_actor(), customer_id(0)).fields
    assert sign(second, number).state == "applied"
    assert identity_masked(system_actor(), customer_id(0)).fields == {}
    entry = AuditEntry.objects.get(action="person.erase")
    assert (entry.actor_name, entry.object_id) == ("zhao", customer_id(0))
    assert entry.purpose == f"approval {number}: asked"
    with pytest.raises(Conflict, match="erased before"):
        opened(maker, "person_erasure", customer=customer_id(0), ground="asked")


@pytest.mark.parametrize(("customer", "fault"), [("C0001", BadInput), (customer_id(900), NotFound)])
def test_no_erasure_is_asked_for_of_nobody(customer: str, fault: type[Exception]) -> None:
    with pytest.raises(fault):
        opened(user("lin", "consumer_protection_officer"), "person_erasure", customer=customer, ground="asked")


def test_many_audit_entries_leave_by_two_people(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "MOST_WITHOUT_APPROVAL", 2)
    maker, checker = user("lin", "auditor"), user("wu", "auditor")
    for _ in range(3):
        with pytest.raises(Forbidden):
            actions.request_make(user(f"u{_}", "executive"), kind="role_change", given={}, reason="no")
    path = workspace().home / "direct.jsonl"
    with pytest.raises(Forbidden, match="second person"):
        audit_export(maker, wanted=Wanted(), path=path)
    assert not path.exists()
    monkeypatch.setattr("zhike.operations.approvals.kinds.audit_export.today", later)
    number = opened(maker, "audit_export", did="approval.draft", until=later())
    assert told(maker, number) == ["3 audit entries leave: of 3 people who acted, on 0 customers by their ids."]
    written = workspace().home / "exports" / f"audit-request-{number}.jsonl"
    assert not written.exists()
    with pytest.raises(Conflict, match="4 audit entries"):
        sign(checker, number)  # the maker's own asking was counted since
    mark = _now(checker, number)
    assert sign(checker, number, confirmed=mark).state == "applied"
    lines = [json.loads(line) for line in written.read_text().splitlines()]
    assert {line["action"] for line in lines} == {"approval.draft"}
    assert export_verify(maker, written).entries == len(lines) == 4
    assert queries.request_get(maker, number).files == (written.name, f"{written.name}.sig")
    assert queries.request_product(maker, number, 0) == written
    assert AuditEntry.objects.get(action="approval.take").detail == {"file": written.name}
    for who, place in ((checker, 0), (maker, 2), (maker, -1)):
        with pytest.raises(NotFound, match="no file"):
            queries.request_product(who, number, place)
    for name in queries.request_get(maker, number).files:
        written.with_name(name).unlink()
    with pytest.raises(BadInput, match="no such audit entry"):
        opened(maker, "audit_export", did="nothing.happened", until=later())


def _now(actor: Actor, number: int) -> str:
    return effect_now(signer_of(actor, number), number).mark()


def test_an_export_that_would_grow_is_not_asked_for() -> None:
    with pytest.raises(BadInput, match="today at the latest"):
        opened(user("lin", "auditor"), "audit_export", until=later())


def test_a_role_change_counts_rights_and_customers(published_bank: None) -> None:
    maker = user("lin")
    user("zhou", "branch_manager")
    number = opened(maker, "role_change", user="zhou", role="service_agent")
    before, after = (ROLES[name].permissions for name in ("branch_manager", "service_agent"))
    assert told(maker, number) == [
        "The role of zhou changes from Branch manager to Service agent.",
        f"They see 30 customers instead of 0, gain {len(after - before)} rights and lose {len(before - after)}.",
    ]
    with pytest.raises(BadInput, match="has the role Branch manager already"):
        opened(maker, "role_change", user="zhou", role="branch_manager")
    with pytest.raises(NotFound, match="no active user"):
        opened(maker, "role_change", user="nobody", role="branch_manager")
    with pytest.raises(BadInput, match="choose one of the list"):
        opened(maker, "role_change", user="zhou", role="king")


def test_a_failed_erasure_leaves_the_person_and_says_so(seeing_all: None, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_people()
    makers = [user(name, "consumer_protection_officer") for name in ("lin", "wu", "zhao")]
    number = opened(makers[0], "person_erasure", customer=customer_id(1), ground="order")
    sign(makers[1], number)

    def halfway(actor: Actor, *, customer_id: str, purpose: str) -> None:
        person_erase(actor, customer_id=customer_id, purpose=purpose)
        raise Conflict("a load is at work")

    monkeypatch.setattr("zhike.operations.approvals.kinds.person_erasure.erasing.person_erase", halfway)
    assert sign(makers[2], number).state == "failed"
    with transaction_of(system_actor()):
        assert not AuditEntry.objects.filter(action="person.erase").exists()
    assert identity_masked(system_actor(), customer_id(1)).fields


def test_a_complaint_has_thirty_days_more_by_two_people(published_bank: None) -> None:
    officer, su = user("officer", "consumer_protection_officer"), user("su", "service_supervisor")
    about = user("about", "service_supervisor")
    taken = {"channel": "phone", "cause": "conduct", "text": "请尽快答复"}
    number = service.complaint_take(su, customer_id=customer_id(0), about="about", **taken)
    service.complaint_assign(su, complaint_id=number, handler="officer")
    with pytest.raises(BadInput, match="extended as complex before"):
        opened(officer, "complaint_extension", complaint=number)
    service.complaint_extend(officer, complaint_id=number, days_kind="complex")
    asked = opened(officer, "complaint_extension", complaint=number)
    assert told(officer, asked)[0].endswith("30 days more.")
    assert queries.request_list(about) == [], "whom it is about never learns of it"
    for look in (queries.request_get, signer_of):
        with pytest.raises(NotFound, match="no request"):
            look(about, asked)
    with pytest.raises(NotFound):
        sign(about, asked)
    assert sign(su, asked).state == "applied"
    assert queries.request_list(about, "history") == []
    row = complaints.complaint_get(su, number).row
    assert (row.clock, (row.due_on - today()).days) == ("special", 60)


def test_a_complaint_answered_meanwhile_is_not_extended(published_bank: None) -> None:
    officer, su = user("officer", "consumer_protection_officer"), user("su", "service_supervisor")
    number = service.complaint_take(su, customer_id=None, channel="phone", cause="fees", text="请尽快答复")
    service.complaint_assign(su, complaint_id=number, handler="officer")
    service.complaint_extend(officer, complaint_id=number, days_kind="complex")
    asked = opened(officer, "complaint_extension", complaint=number)
    service.complaint_answer(officer, complaint_id=number, outcome="upheld", text="已退还")
    with pytest.raises(BadInput, match="at work"):
        sign(su, asked)
    assert queries.request_get(officer, asked).row.state == "open"
