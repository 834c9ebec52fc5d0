"""Publishing: all at once or not at all; read back as it was built; the old publication served meanwhile."""

import json
from datetime import date

import pytest
import small_bank
from django.db import connection
from small_bank import AS_OF, customer_id

from zhike.core.actor import Actor
from zhike.core.errors import BadInput, Forbidden, NotFound, Unavailable
from zhike.core.snapshot import SnapshotStore
from zhike.core.workspace import workspace
from zhike.operations.customers import actions, queries
from zhike.operations.governance.actors import job_actor, system_actor
from zhike.operations.marketing import queries as marketing

ANALYST = Actor(
    "staff", "lin", frozenset({"view_customer", "view_decision", "view_overview", "count_segment", "list_segment"}),
    locale="en",
)  # fmt: skip


def published_tables() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'published'")
        return {name for (name,) in cursor.fetchall()}


def numbers() -> set[str]:
    return {name.rsplit("_", 1)[1] for name in published_tables()}


def rebuild(extra_purchases: int) -> None:
    """Newer facts, view and decisions."""
    from zhike.operations.marketing import actions as deciding

    small_bank.load_facts(workspace(), extra_purchases)
    actions.view_build(system_actor(), as_of=AS_OF)
    deciding.decisions_make(system_actor(), as_of=AS_OF)


def test_before_the_first_publication_the_pages_say_so(bank: None) -> None:
    with pytest.raises(Unavailable, match="zhike publish"):
        queries.customer_get(ANALYST, customer_id(0))


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


def test_a_customer_as_counted_by_hand(bank: None) -> None:
    actions.view_publish(system_actor())
    shown = queries.customer_get(ANALYST, customer_id(0))
    assert shown["features"]["transactions_30d"] == 15
    assert shown["features"]["spend_90d_cents"] == 45 * small_bank.PURCHASE_CENTS
    assert shown["features"]["cards_held"] == 1
    outcomes = {each["offer"]: each["outcome"] for each in shown["candidates"]}
    assert sorted(outcomes.values()).count("won") == 1
    assert outcomes["first_use_gift"] == "refused"
    assert shown["next_best_action"]["offer"] in outcomes
    spend = queries.customer_monthly_spend(ANALYST, customer_id(0), months=3)
    assert [(month.month, month.purchases) for month in spend] == [
        (date(2026, 4, 1), 15), (date(2026, 5, 1), 16), (date(2026, 6, 1), 15)
    ]  # fmt: skip
    timeline = queries.customer_timeline(ANALYST, customer_id(0))
    assert [entry.kind for entry in timeline].count("purchase") == 50
    assert (timeline[0].on, timeline[0].amount_cents) == (AS_OF, 10_000)
    assert timeline[0].detail == 'a "quoted" \\ purpose'
    assert {entry.kind for entry in timeline if entry.table == "card_event"} == {"issued", "activated"}
    assert queries.customer_monthly_spend(ANALYST, customer_id(25))[-1].spend_cents == 0


def test_figures_of_the_overview(bank: None) -> None:
    actions.view_publish(system_actor())
    assert sum(share.customers for share in queries.distribution(ANALYST, "stage")) == small_bank.CUSTOMERS
    kpis = {kpi.name: kpi for kpi in queries.kpi_list(ANALYST)}
    assert kpis["valid_cards"].value == small_bank.CUSTOMERS
    assert kpis["spend_30d"].value == 20 * 15 * small_bank.PURCHASE_CENTS
    assert kpis["spend_30d"].previous == 20 * 15 * small_bank.PURCHASE_CENTS
    assert [(k.name, k.value) for k in queries.kpi_list(ANALYST, at="current")] == [
        (k.name, k.value) for k in queries.kpi_list(ANALYST)
    ]
    fresh = queries.freshness(ANALYST)
    assert not fresh.behind
    assert [(s.source, s.newest, s.rows_in) for s in fresh.sources] == [("small", AS_OF, 1_300)]
    assert queries.reconciliation(ANALYST)[0].quarantined == 2
    top = marketing.top_actions(ANALYST, 5)
    assert [row.value_cents for row in top] == sorted((row.value_cents for row in top), reverse=True)


def test_search_is_by_equality_and_answers_masked(bank: None) -> None:
    actions.view_publish(system_actor())
    actor = system_actor()
    assert [(f.customer_id, f.matched, f.name_masked) for f in queries.customer_search(actor, "张小明")] == [
        (customer_id(0), "full_name", "张**")
    ]
    assert [f.customer_id for f in queries.customer_search(actor, "13812345671")] == [customer_id(1)]
    assert [f.customer_id for f in queries.customer_search(actor, "c0002")] == [customer_id(2)]
    assert [f.customer_id for f in queries.customer_search(actor, "5670")] == [customer_id(0)]
    assert [f.matched for f in queries.customer_search(actor, customer_id(20))] == ["customer_id"]
    assert queries.customer_search(actor, "张") == queries.customer_search(actor, "小明") == []
    assert queries.customer_resolve(actor, "small:C0002") == queries.customer_resolve(actor, "C0002") == customer_id(2)


def test_publishing_again_does_nothing_and_says_so(bank: None) -> None:
    first = actions.view_publish(system_actor())
    again = actions.view_publish(system_actor())
    assert not again.fresh
    assert again.published == first.published
    assert numbers() == {"000001"}


def test_two_publications_are_kept_and_no_more(bank: None) -> None:
    for extra in (0, 1, 2):
        rebuild(extra) if extra else None
        actions.view_publish(system_actor())
    assert numbers() == {"000002", "000003"}
    assert queries.customer_get(ANALYST, customer_id(0))["features"]["transactions_30d"] == 17


def test_a_failing_copy_leaves_the_old_publication(bank: None, monkeypatch: pytest.MonkeyPatch) -> None:
    actions.view_publish(system_actor())
    before, tables = queries.customer_get(ANALYST, customer_id(0)), published_tables()
    rebuild(1)
    with monkeypatch.context() as patch, pytest.raises(BadInput):
        patch.setattr(actions.marketing, "decisions_publish", _fail)
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


def test_refresh_waits_for_decisions_that_stand(bank: None) -> None:
    actor = job_actor("test")
    assert queries.publication_behind(actor)
    actions.view_publish(system_actor())
    assert not queries.publication_behind(actor)
    small_bank.load_facts(workspace(), 1)
    actions.view_build(system_actor(), as_of=AS_OF)
    assert not queries.publication_behind(actor)
    rebuild(1)
    assert queries.publication_behind(actor)


def test_rights_and_strangers(bank: None) -> None:
    actions.view_publish(system_actor())
    with pytest.raises(NotFound):
        queries.customer_get(ANALYST, "01970000-0000-7000-8000-999999999999")
    with pytest.raises(Forbidden):
        queries.customer_search(ANALYST, "张小明")
    with pytest.raises(Forbidden):
        actions.view_publish(ANALYST)
