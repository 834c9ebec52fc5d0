"""What is read of a publication, counted by hand on the small bank."""

from dataclasses import replace
from datetime import date

import pytest
import small_bank
from small_bank import AS_OF, customer_id

from zhike.core.actor import WHOLE_BANK, Actor
from zhike.core.errors import Forbidden, NotFound
from zhike.operations.customers import actions, queries
from zhike.operations.governance.actors import system_actor
from zhike.operations.marketing import queries as marketing

ANALYST = Actor(
    "staff", "lin", frozenset({"view_customer", "view_decision", "view_overview", "count_segment", "list_segment"}),
    locale="en", scope=WHOLE_BANK,
)  # fmt: skip


def test_a_customer_as_counted_by_hand(published_bank: None) -> None:
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


def test_figures_of_the_overview(published_bank: None) -> None:
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


def test_staff_of_a_branch_see_the_figures_of_their_branches(published_bank: None) -> None:
    """By the query and, where it forgot, by the database."""
    from django.db import connection

    from zhike.core.actor import Scope
    from zhike.operations.customers import reading
    from zhike.operations.governance.acting import query

    def values(actor: Actor) -> dict[str, object]:
        return {kpi.name: kpi.value for kpi in queries.kpi_list(actor)}

    def of(*branches: int) -> Actor:
        return replace(ANALYST, scope=Scope(branches=frozenset(branches)))

    whole = values(ANALYST)
    assert values(of(10))["valid_cards"] == values(of(20))["valid_cards"] == 10
    assert values(of(10, 11))["valid_cards"] == 20
    every = values(of(10, 11, 20))
    assert {name: whole[name] for name in every} == every
    assert all(whole[name] in (None, 0) for name in whole.keys() - every.keys())
    # Customers 0 to 19 spend: 0, 3 … 18 are of branch 10.
    assert values(of(10))["spend_30d"] == 7 * 15 * small_bank.PURCHASE_CENTS
    # Seven of them owe their bill of June 5 and every second day since; ten hold a limit, three were never billed.
    owed = 7 * (500_000 + 13 * small_bank.PURCHASE_CENTS)
    assert values(of(10))["utilisation"] == pytest.approx(owed / (10 * 2_000_000))
    assert values(of(99)) == values(replace(ANALYST, scope=Scope())) == {}

    @query(permission="view_overview")
    def forgotten(actor: Actor) -> set[int | None]:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT DISTINCT branch_id FROM published.{reading.published().table('kpi')}")
            return {branch for (branch,) in cursor.fetchall()}

    assert forgotten(ANALYST) == {None, 10, 11, 20}
    assert forgotten(of(10, 11)) == {10, 11}
    narrowed = Scope(branches=frozenset({20}), assigned=frozenset({"lin"}), on=AS_OF)
    assert forgotten(replace(ANALYST, scope=narrowed)) == {20}
    assert forgotten(replace(ANALYST, scope=Scope(assigned=frozenset({"lin"}), on=AS_OF))) == set()


def test_search_is_by_equality_and_answers_masked(published_bank: None) -> None:
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


def test_rights_and_strangers(published_bank: None) -> None:
    with pytest.raises(NotFound):
        queries.customer_get(ANALYST, "01970000-0000-7000-8000-999999999999")
    with pytest.raises(Forbidden):
        queries.customer_search(ANALYST, "张小明")
    with pytest.raises(Forbidden):
        actions.view_publish(ANALYST)


def test_decisions_of_another_version_are_not_explained(published_bank: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new offer type, or another text: its reasons could not be told from these masks."""
    from zhike.operations.marketing import made

    assert marketing.decisions_state(ANALYST) == "stands"
    made._kept.cache_clear()
    monkeypatch.setattr(made, "versions", lambda considered: {"offer:new": "1"})
    try:
        assert marketing.decisions_state(ANALYST) == "another version"
        assert queries.customer_get(ANALYST, customer_id(0))["next_best_action"] is None
        assert queries.top_actions(ANALYST) == []
    finally:
        made._kept.cache_clear()
