"""Publishing: all at once or not at all; read back as it was built; the old publication served meanwhile."""

import json
import threading
import time
from datetime import date

import pytest
import small_bank
from django.db import connection, transaction
from small_bank import AS_OF, customer_id

from zhike.core.actor import WHOLE_BANK, Actor
from zhike.core.errors import BadInput, Conflict, Unavailable
from zhike.core.snapshot import SnapshotStore
from zhike.core.workspace import workspace
from zhike.operations.customers import actions, jobs, queries
from zhike.operations.governance.actors import job_actor, system_actor

ANALYST = Actor(
    "staff", "lin", frozenset({"view_customer", "view_decision", "view_overview", "count_segment", "list_segment"}),
    locale="en", scope=WHOLE_BANK,
)  # fmt: skip


def published_tables() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'published'")
        return {name for (name,) in cursor.fetchall()}


def numbers() -> set[str]:
    return {name.rsplit("_", 1)[1] for name in published_tables()}


def test_before_the_first_publication_the_pages_say_so(bank: None) -> None:
    with pytest.raises(Unavailable, match="zhike publish"):
        queries.customer_get(ANALYST, customer_id(0))


def test_no_view_is_built_of_a_day_that_has_not_come(bank: None) -> None:
    before = SnapshotStore(workspace()).current_id()
    with pytest.raises(BadInput, match="is after today"):
        actions.view_build(system_actor(), as_of=date(9999, 12, 31))
    assert SnapshotStore(workspace()).current_id() == before


def test_what_is_published_is_what_was_built(bank: None) -> None:
    done = actions.view_publish(system_actor())
    assert done.fresh
    assert done.rows["customer_view"] == small_bank.CUSTOMERS
    for number in (0, 25):
        shown = queries.customer_get(ANALYST, customer_id(number))
        built = queries.customer_get(ANALYST, customer_id(number), at="current")
        assert shown == built
        json.dumps(shown)
    assert shown["as_of"] == "2026-06-30"
    assert shown["snapshot"] == SnapshotStore(workspace()).current_id()


def test_publishing_again_does_nothing_and_says_so(bank: None) -> None:
    first = actions.view_publish(system_actor())
    again = actions.view_publish(system_actor())
    assert not again.fresh
    assert again.published == first.published
    assert numbers() == {"000001"}


def test_two_publications_are_kept_and_no_more(bank: None) -> None:
    for extra in (0, 1, 2):
        small_bank.become(extra)
        actions.view_publish(system_actor())
    assert numbers() == {"000002", "000003"}
    assert queries.customer_get(ANALYST, customer_id(0))["features"]["transactions_30d"] == 17


def test_a_failing_copy_leaves_the_old_publication(bank: None, monkeypatch: pytest.MonkeyPatch) -> None:
    actions.view_publish(system_actor())
    before, tables = queries.customer_get(ANALYST, customer_id(0)), published_tables()
    small_bank.become(1)
    with monkeypatch.context() as patch:
        patch.setattr(actions.marketing, "decisions_publish", _fail)
        with pytest.raises(BadInput):
            actions.view_publish(system_actor())
    assert queries.customer_get(ANALYST, customer_id(0)) == before
    assert published_tables() == tables
    assert actions.view_publish(system_actor()).published.number == 2


def _fail(*args: object) -> None:
    raise BadInput("the copy broke")


def test_decisions_of_another_view_are_not_shown(bank: None) -> None:
    small_bank.load_facts(workspace(), 1)
    actions.view_build(system_actor(), as_of=AS_OF)
    shown = queries.customer_get(ANALYST, customer_id(0), at="current")
    assert (shown["next_best_action"], shown["candidates"]) == (None, [])


def test_a_view_of_other_facts_or_without_decisions_is_not_published(bank: None) -> None:
    actor = system_actor()
    before = actions.view_publish(actor).published
    small_bank.load_facts(workspace(), 1)
    for again in ("build", "decide"):
        assert not queries.publication_behind(actor)
        with pytest.raises(Conflict, match=f"run `zhike {again}"):
            actions.view_publish(actor)
        hindrance = queries.publication_hindrance(actor)
        assert hindrance is not None
        assert f"zhike {again}" in hindrance.zh
        assert queries.publication_state(actor).published == before
        actions.view_build(actor, as_of=AS_OF)
    assert not queries.freshness(actor).behind
    small_bank.load_facts(workspace(), 2)  # while the first ones, decided, wait
    assert queries.freshness(actor).behind
    jobs.refresh(job_actor("customers.refresh"))
    assert queries.publication_state(actor).published == before
    assert jobs.build_and_publish(job_actor("customers.nightly"))
    assert queries.publication_hindrance(actor) is None
    spent = {kpi.name: kpi.value for kpi in queries.kpi_list(actor)}["spend_30d"]
    assert spent == (20 * 15 + 2) * small_bank.PURCHASE_CENTS


def test_who_waits_for_a_publisher_publishes_what_is_newest_then(bank: None) -> None:
    """Both start at the first snapshot; the one that waited must not take the bank back to it."""
    done: list[actions.Publishing] = []

    def publish() -> None:
        try:
            done.append(actions.view_publish(system_actor()))
        finally:
            connection.close()

    waiting = threading.Thread(target=publish)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [actions._PUBLISHER])
        waiting.start()
        blocked, until = 0, time.monotonic() + 120
        while not blocked and time.monotonic() < until:
            time.sleep(0.02)
            cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
            (blocked,) = cursor.fetchone()
        assert blocked
        newest = small_bank.become(1)
    waiting.join()
    assert [each.published.snapshot for each in done] == [newest]


def test_refresh_waits_for_decisions_that_stand(bank: None) -> None:
    actor = job_actor("test")
    assert queries.publication_behind(actor)
    actions.view_publish(system_actor())
    assert not queries.publication_behind(actor)
    small_bank.load_facts(workspace(), 1)
    actions.view_build(system_actor(), as_of=AS_OF)
    assert not queries.publication_behind(actor)
    small_bank.become(1)
    assert queries.publication_behind(actor)
