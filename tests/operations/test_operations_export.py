"""What is recorded here comes back as facts, once, and the run over them decides as the live decision did."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow.parquet as pq
import pytest
from owning import owner
from small_bank import AS_OF, customer_id

from tests.operations.saying import complains, contacted, is_answered, says
from zhike.core.snapshot import SnapshotStore
from zhike.core.workspace import workspace
from zhike.data.build import VIEW
from zhike.operations.customers import actions, jobs, reading, telling
from zhike.operations.governance.acting import transaction_of
from zhike.operations.governance.actors import job_actor, system_actor
from zhike.operations.governance.models import AuditEntry
from zhike.operations.marketing import actions as marketing
from zhike.operations.marketing import queries as deciding

SYSTEM = system_actor()
DAY = AS_OF - timedelta(days=1)


@pytest.fixture(autouse=True)
def _bank(bank: None) -> Iterator[None]:
    return


def happened(day: date, contacts: bool = True) -> None:
    """Everything recorded so far was recorded on a day that is over."""
    at = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
    with owner() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE contact_consent SET recorded_at = %s, effective_at = %s", [at, at])
        if contacts:
            sent = "UPDATE contact_contact SET made_at = %s, planned_at = %s, sent_at = %s WHERE sent_at IS NOT NULL"
            cursor.execute(sent, [at, at, at])
        cursor.execute("UPDATE service_complaint SET received_at = %s", [at])
        cursor.execute("UPDATE service_complaintstep SET at = %s", [at])
        cursor.execute("SET session_replication_role = origin")


def facts(table: str) -> list[dict[str, Any]]:
    store = SnapshotStore(workspace())
    rows = [row for path in store.paths(store.current(), table) for row in pq.read_table(path).to_pylist()]
    return [row for row in rows if row["source"] == "operations"]


def view() -> dict[str, dict[str, Any]]:
    store = SnapshotStore(workspace())
    (path,) = store.paths(store.current(), VIEW)
    return {row["customer_id"]: row for row in pq.read_table(path).to_pylist()}


def test_what_was_recorded_becomes_facts_once() -> None:
    says(customer_id(0), given=False, channel="sms")
    says(customer_id(0), given=True, channel="sms")
    says(customer_id(0), given=False, channel="sms")
    says(customer_id(1), given=False, purpose="personalisation")
    contacted(customer_id(2))
    contacted(customer_id(2), state="planned")
    open_one, closed_one = complains(customer_id(3)), complains(customer_id(4))
    is_answered(closed_one)
    happened(DAY)
    loaded = actions.operations_export(job_actor("test"))
    assert loaded is not None
    assert {file.file: (file.rows_in, file.quarantined) for file in loaded.files} == {
        f"{DAY:%Y%m%d}/consent.csv": (2, 0), f"{DAY:%Y%m%d}/interaction.csv": (1, 0),
        f"{DAY:%Y%m%d}/complaint.csv": (3, 0),
    }  # fmt: skip
    told = {(row["party_id"], row["purpose"], row["channel"]): row for row in facts("consent")}
    assert told[customer_id(0), "marketing", "sms"]["given"] is False
    assert told[customer_id(1), "personalisation", "all"] | {"proof": None} == {
        "party_id": customer_id(1), "purpose": "personalisation", "channel": "all", "given": False, "proof": None,
        "wording_version": None, "valid_from": DAY, "valid_to": None, "known_from": DAY, "source": "operations",
    }  # fmt: skip
    (contact,) = facts("interaction")
    assert (contact["party_id"], contact["outcome"], contact["business_date"]) == (customer_id(2), "sent", DAY)
    steps = {(row["complaint_id"], row["step"]) for row in facts("complaint")}
    assert steps == {(open_one, "received"), (closed_one, "received"), (closed_one, "closed")}
    assert not (workspace().home / "operations").exists()

    before = SnapshotStore(workspace()).current_id()
    assert actions.operations_export(job_actor("test")) is None
    assert SnapshotStore(workspace()).current_id() == before
    with transaction_of(SYSTEM):
        outcomes = list(AuditEntry.objects.filter(action="operations.export").values_list("outcome", flat=True))
    assert outcomes.count("finished") == 2

    actions.view_build(SYSTEM, as_of=AS_OF)
    rows = view()
    assert rows[customer_id(0)]["consent_sms"] == 0
    assert rows[customer_id(1)]["consent_personalisation"] == 0
    assert rows[customer_id(2)]["marketing_contacts_7d"] == 1
    assert [rows[customer_id(n)]["complaints_open"] for n in (3, 4)] == [1, 0]


def test_today_is_told_when_it_is_over() -> None:
    says(customer_id(0), given=False)
    assert actions.operations_export(job_actor("test")) is None


def test_a_crash_between_files_and_facts_tells_nothing_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    complains(customer_id(3))
    happened(DAY)

    def crash(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(actions.ingest, "load", crash)
        with pytest.raises(KeyboardInterrupt):
            actions.operations_export(job_actor("test"))
    assert (workspace().home / "operations").exists()
    assert actions.operations_export(job_actor("test")) is not None
    assert len(facts("complaint")) == 1


def test_the_run_after_the_export_decides_as_the_live_decision_did() -> None:
    actions.view_publish(SYSTEM)
    says(customer_id(0), given=False)
    says(customer_id(1), given=False, channel="sms")
    says(customer_id(2), given=False, purpose="personalisation")
    complains(customer_id(20))
    contacted(customer_id(21))
    contacted(customer_id(22))
    contacted(customer_id(22))
    everybody = [customer_id(n) for n in range(30)]
    live = {each: deciding.decision_get(SYSTEM, each) for each in everybody}
    assert sum(one["live"] is not None for one in live.values()) == 6
    happened(DAY, contacts=False)  # the caps count from today
    jobs.build_and_publish(job_actor("customers.nightly"))
    for each in everybody:
        now = deciding.decision_get(SYSTEM, each)
        assert now["live"] is None, each
        assert now["candidates"] == live[each]["candidates"], each
        assert now["snapshot"] != live[each]["snapshot"]


def test_a_run_obeys_what_no_file_told_yet() -> None:
    says(customer_id(0), given=False)
    complains(customer_id(20))
    fresh = marketing.decisions_make(SYSTEM, as_of=AS_OF)
    assert fresh.fresh
    assert not marketing.decisions_make(SYSTEM, as_of=AS_OF).fresh, "nothing was said since"
    actions.view_publish(SYSTEM)
    for customer in (customer_id(0), customer_id(20)):
        with transaction_of(SYSTEM):
            row = reading.row(reading.source("published"), "decision", customer)
        assert row is not None
        assert row["winner"] == "do_nothing"
        assert deciding.decision_get(SYSTEM, customer)["live"] is None
    assert deciding.decision_replay(SYSTEM, customer_id(0)).equal


def test_old_decisions_replay_byte_for_byte_whatever_is_said_later() -> None:
    before = deciding.decision_replay(SYSTEM, customer_id(0))
    assert before.equal
    says(customer_id(0), given=False)
    complains(customer_id(0))
    assert deciding.decision_replay(SYSTEM, customer_id(0)) == before


def test_nothing_to_tell_asks_for_no_day() -> None:
    first, last = telling.days(SnapshotStore(workspace()).current())
    assert first < last
