"""The pages of jobs and of the audit log, their figures in /metrics, `zhike jobs` and `zhike check`."""

import html
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from command_line import Run
from django.test import Client
from interfaces.logging_in import signed_in
from owning import entries, owner
from procrastinate.contrib.django import app
from small_bank import customer_id

from zhike.core.workspace import workspace
from zhike.operations.customers import queries as customers
from zhike.operations.governance.actors import system_actor
from zhike.operations.governance.audit import chain
from zhike.operations.governance.audit.sealer import seal
from zhike.operations.governance.audit.verify import audit_check
from zhike.operations.governance.belonging import branches_keep
from zhike.operations.jobs.carrying import carried, own_actor
from zhike.operations.jobs.declaring import JOBS, discover
from zhike.operations.jobs.reaping import REAPER


@pytest.fixture
def people(committed: None) -> Iterator[dict[str, Client]]:
    """A signed-in client of each role that these pages concern."""
    chain.anchors_path(workspace()).unlink(missing_ok=True)
    discover()
    yield {role: signed_in(role) for role in ("administrator", "auditor", "data_engineer", "marketer")}
    chain.anchors_path(workspace()).unlink(missing_ok=True)


def queued(name: str = "customers.collect") -> int:
    return int(app.configure_task(name).defer(actor=carried(JOBS[name], own_actor(JOBS[name]))))


def failed(name: str = "customers.collect", how: str = "raised") -> int:
    """A job that raised as often as it may be tried, or was quarantined."""
    from zhike.operations.jobs.actions import run_settle

    job_id, status = queued(name), "todo"
    while status == "todo":
        with owner() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s RETURNING attempts", [job_id])
            (attempt,) = cursor.fetchone()
        status = run_settle(
            REAPER, job_id=job_id, worker_id=None, attempt=attempt, how=how, code="conflict", fault="Conflict",
            place="operations/customers/actions.py:90",
        )  # fmt: skip
    return job_id


def english(client: Client, address: str) -> Any:
    client.cookies["zhike-language"] = "en"
    return client.get(address)


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


# --- jobs ----------------------------------------------------------------------------------------------------------


def test_jobs_are_listed_with_what_went_wrong_in_plain_words(people: dict[str, Client]) -> None:
    job_id, waits = failed(), queued("jobs.tidy")
    answer = english(people["data_engineer"], "/jobs/")
    said = text(answer)
    assert "Remove files that nothing needs" in said
    assert "another was at work, or the state had moved on" in said
    assert "No worker runs" in said
    assert f"?job={job_id}" in answer.content.decode()
    assert f"?job={waits}" in answer.content.decode()
    assert f"?job={waits}" not in people["data_engineer"].get("/jobs/?state=failed").content.decode()
    assert "与其他操作冲突" in text(people["auditor"].get("/jobs/?state=failed"))


def test_one_job_tells_its_history_and_only_who_may_decides(people: dict[str, Client]) -> None:
    job_id = failed()
    for role, may in (("data_engineer", True), ("auditor", False)):
        said = people[role].get(f"/jobs/?job={job_id}").content.decode()
        assert said.count("operations/customers/actions.py:90") == 4
        assert (f"/jobs/{job_id}/retry/" in said) is may
    assert people["auditor"].post(f"/jobs/{job_id}/retry/", {"reason": "mine"}).status_code == 403
    assert people["marketer"].get("/jobs/").status_code == 403
    assert people["data_engineer"].get("/jobs/?job=999999&state=none&before=x").status_code == 200


def test_a_failed_job_runs_again_or_is_given_up_for_a_reason(people: dict[str, Client]) -> None:
    again, ended = failed(), failed(how="refused")
    engineer = people["data_engineer"]
    assert engineer.post(f"/jobs/{again}/retry/", {"reason": " "}).status_code == 400
    assert engineer.post(f"/jobs/{again}/retry/", {"reason": "the disk was full"}).status_code == 302
    assert engineer.post(f"/jobs/{again}/retry/", {"reason": "twice"}).status_code == 409
    assert engineer.post(f"/jobs/{ended}/give-up/", {"reason": "not needed"}).status_code == 302
    assert engineer.post("/jobs/0/give-up/", {"reason": "which"}).status_code == 404
    with owner() as cursor:
        cursor.execute("SELECT id, status::text FROM procrastinate_jobs ORDER BY id")
        assert cursor.fetchall() == [(again, "todo"), (ended, "cancelled")]
    (entry,) = entries(action="job.retry")
    assert (entry.actor_name, entry.object_id, entry.purpose) == ("data_engineer", str(again), "the disk was full")


def test_many_jobs_are_paged(people: dict[str, Client]) -> None:
    jobs = [queued() for _ in range(60)]
    page = people["administrator"].get("/jobs/")
    assert page.content.decode().count("?job=") == 50
    rest = people["administrator"].get(f"/jobs/?before={jobs[10]}").content.decode()
    assert rest.count("job=") == 10


def test_the_command_lists_and_decides(people: dict[str, Client], capfd: pytest.CaptureFixture[str]) -> None:
    zhike, job_id = Run(capfd), failed()
    (row,) = zhike.json("jobs", "list", "--state", "failed", "--json")
    assert (row["id"], row["code"], row["fault"], row["attempts"]) == (job_id, "conflict", "Conflict", 4)
    assert "another was at work" in zhike("jobs", "list")[1]
    assert "--state 'done' is none of" in zhike.fault("jobs", "list", "--state", "done")
    assert "reason is needed" in zhike.fault("jobs", "retry", str(job_id), "--reason", "")
    assert zhike("jobs", "retry", str(job_id), "--reason", "again")[:2] == (0, f"Job {job_id} waits to run again.\n")
    assert zhike("jobs", "give-up", str(job_id), "--reason", "no")[0] == 0
    assert "is cancelled by now" in zhike.fault("jobs", "retry", str(job_id), "--reason", "again")


def test_the_machinery_is_told_in_figures(people: dict[str, Client], capfd: pytest.CaptureFixture[str]) -> None:
    failed()
    failed(how="refused")
    queued("customers.nightly")
    told = people["auditor"].get("/metrics").content.decode()
    for line in (
        "zhike_jobs_failed 1.0", "zhike_jobs_quarantined 1.0", 'zhike_jobs_waiting{queue="nightly"} 1.0',
        'zhike_jobs_waiting{queue="live"} 0.0', "zhike_workers 0.0", "zhike_worker_heartbeat_age_seconds NaN",
        "zhike_audit_faults NaN",
    ):  # fmt: skip
        assert line in told
    assert re.search(r"zhike_jobs_oldest_wait_seconds \d", told)
    found = {one["what"]: one for one in json.loads(Run(capfd)("check", "--json")[1])}
    assert found["jobs"]["state"] == "wrong"
    assert "2 failed in the last day" in found["jobs"]["text"]


# --- audit ---------------------------------------------------------------------------------------------------------


def test_a_changed_log_turns_page_metrics_and_check_red(
    people: dict[str, Client], capfd: pytest.CaptureFixture[str]
) -> None:
    for _ in range(3):
        branches_keep(system_actor(), versions=[])
    seal()
    assert audit_check(system_actor()).faults == []
    assert "The log is whole" in text(english(people["auditor"], "/audit/"))
    assert "zhike_audit_faults 0.0" in people["auditor"].get("/metrics").content.decode()
    with owner() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE governance_auditentry SET actor_name = 'nobody' WHERE action = 'branch.keep'")
    assert Run(capfd)("audit", "verify")[0] == 1
    assert "zhike_audit_faults 0.0" not in people["auditor"].get("/metrics").content.decode()
    JOBS["audit.verify"](own_actor(JOBS["audit.verify"]))
    assert "The log was changed" in text(english(people["auditor"], "/audit/"))
    assert "zhike_audit_faults 0.0" not in people["auditor"].get("/metrics").content.decode()
    found = {one["what"]: one for one in json.loads(Run(capfd)("check", "--json")[1])}
    assert found["audit"]["state"] == "wrong"


def test_entries_are_found_by_person_object_action_outcome_and_day(people: dict[str, Client]) -> None:
    failed()
    auditor = people["auditor"]

    def shown(asked: str) -> int:
        return len(re.findall(r"entry=\d+", auditor.get(f"/audit/?{asked}").content.decode()))

    assert shown("action=job.fail") == 4
    assert shown("action=job.fail&outcome=done&actor=jobs.reap") == 4
    assert shown("action=job.fail&outcome=refused") == 0
    assert shown("actor=nobody") == 0
    assert shown("action=job.fail&since=2020-01-01&until=2020-01-02") == 0
    assert shown("action=job.fail&since=2020-01-01") == 4
    (first, *_) = entries(action="job.fail")
    assert shown(f"object={first.object_id}") == 4
    assert "is not a date" in text(english(auditor, "/audit/?since=yesterday"))
    assert auditor.get("/audit/?before=zero&entry=99999999999999999999").status_code == 200
    assert people["data_engineer"].get("/audit/").status_code == 403


def test_one_entry_tells_all_and_its_place_in_the_chain(people: dict[str, Client]) -> None:
    branches_keep(system_actor(), versions=[])
    (entry,) = entries(action="branch.keep")
    asked = f"/audit/?entry={entry.id}"
    assert "Waits to be sealed" in text(english(people["auditor"], asked))
    seal()
    said = text(english(people["auditor"], asked))
    assert re.search(r"Place in the chain \d", said)
    assert entry.actor_name in said
    assert "no audit entry" in text(english(people["auditor"], "/audit/?entry=987654"))


def test_the_log_is_paged_backwards(people: dict[str, Client]) -> None:
    for _ in range(60):
        branches_keep(system_actor(), versions=[])
    page = people["auditor"].get("/audit/?action=branch.keep").content.decode()
    (following,) = set(re.findall(r"before=(\d+)\"", page))
    rest = people["auditor"].get(f"/audit/?action=branch.keep&before={following}").content.decode()
    assert (len(re.findall(r"entry=\d+", page)), len(re.findall(r"entry=\d+", rest))) == (50, 10)


def test_the_export_command_carries_the_conditions_and_no_quote(people: dict[str, Client]) -> None:
    asked = "/audit/?actor=lin&outcome=done&until=2026-06-30&object=x'; rm -rf /"
    said = html.unescape(people["auditor"].get(asked).content.decode())
    assert "zhike audit export --actor 'lin' --outcome 'done' --until '2026-07-01' audit-" in said


def test_who_looked_at_this_customer(bank: None, people: dict[str, Client]) -> None:
    from zhike.operations.customers import actions

    actions.view_publish(system_actor())
    page = f"/customers/{customer_id(0)}/"
    assert people["marketer"].get(page).status_code == 200
    link = f"/audit/?object={customer_id(0)}"
    assert link in people["administrator"].get(page).content.decode()
    assert link not in people["marketer"].get(page).content.decode()
    assert "marketer" in text(people["auditor"].get(link))
    assert customers.publication_state(system_actor()).customers == 30
