"""Row-level security: unset raises, a forgotten filter shows nothing of others, and no table is without a rule."""

import pytest
import small_bank
from django.db import ProgrammingError, connection, transaction
from owning import owner
from small_bank import branch_of, customer_id

from zhike.core.actor import Actor, Scope
from zhike.core.errors import Forbidden, NotFound
from zhike.operations.customers import queries
from zhike.operations.governance import queries as governance
from zhike.operations.governance.acting import transaction_of
from zhike.operations.governance.actors import cardholder_actor, system_actor
from zhike.operations.governance.roles import ROLES
from zhike.operations.marketing import queries as marketing

RIGHTS = ROLES["branch_manager"].permissions
OF_TEN = Actor("staff", "zhou", RIGHTS, locale="en", scope=Scope(branches=frozenset({10, 11})))
OF_TWENTY = Actor("staff", "wang", RIGHTS, locale="en", scope=Scope(branches=frozenset({20})))
OF_NONE = Actor("staff", "sun", RIGHTS, locale="en")
HOLDER = cardholder_actor(customer_id(4), "en")
EVERYBODY = range(small_bank.CUSTOMERS)
# Keyed by a person, and yet open to whoever acts: why.
OPEN = {"governance_user": "who logs in is read before anybody acts; of a cardholder it says that there is a log-in"}

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def _published(published_bank: None) -> None:
    return


def _seen(actor: Actor, table: str) -> set[str]:
    """What a query that forgot every filter would see."""
    with transaction_of(actor), connection.cursor() as cursor:
        cursor.execute(f"SELECT customer_id FROM published.{table}_000001")
        return {customer for (customer,) in cursor.fetchall()}


def _of(*branches: int) -> set[str]:
    return {customer_id(n) for n in EVERYBODY if branch_of(n) in branches}


def _tables_of_people() -> list[tuple[str, str, bool]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT c.relnamespace::regnamespace::text, c.relname, c.relrowsecurity AND EXISTS"
            " (SELECT FROM pg_policy WHERE polrelid = c.oid) "
            " FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid"
            " WHERE c.relkind IN ('r', 'p', 'v', 'm') AND a.attname IN ('party_id', 'customer_id') AND a.attnum > 0"
            " AND c.relnamespace::regnamespace::text IN (current_schema(), 'published') ORDER BY 1, 2"
        )
        return list(cursor.fetchall())


def test_every_table_of_people_has_a_rule() -> None:
    tables = _tables_of_people()
    assert {"customer_view_000001", "governance_vaultfield", "timeline_000001"} <= {name for _, name, _ in tables}
    assert [f"{schema}.{name}" for schema, name, held in tables if not held and name not in OPEN] == []


def _has_rows(table: str) -> bool:
    with owner() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT FROM {table})")
        return bool(cursor.fetchone()[0])


def test_nobody_acting_is_a_fault_and_no_empty_list() -> None:
    tables = [f"{schema}.{name}" for schema, name, held in _tables_of_people() if held]
    filled = [table for table in tables if _has_rows(table)]  # of no rows at all, none is asked for
    assert len(filled) > 5
    for table in filled:
        with pytest.raises(ProgrammingError, match="nobody acts"), transaction.atomic():
            connection.cursor().execute(f"SELECT count(*) FROM {table}")


def test_the_app_owns_nothing_and_passes_no_policy() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper, rolbypassrls, rolcanlogin FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == ("zhike_app", False, False, False)
        cursor.execute("SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = 'zhike_app'")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize("table", ["customer_view", "decision", "timeline", "monthly_spend"])
def test_a_forgotten_filter_shows_nothing_of_others(table: str) -> None:
    everybody = _seen(system_actor(), table)
    assert _seen(OF_TEN, table) == everybody & _of(10, 11)
    assert _seen(OF_TWENTY, table) == everybody & _of(20)
    assert _seen(OF_NONE, table) == set()
    assert _seen(HOLDER, table) == {customer_id(4)}


def test_the_vault_is_held_too() -> None:
    def found(actor: Actor) -> set[str]:
        with transaction_of(actor), connection.cursor() as cursor:
            cursor.execute("SELECT DISTINCT party_id::text FROM governance_vaulttoken")
            return {party for (party,) in cursor.fetchall()}

    assert found(system_actor()) == {customer_id(n) for n in range(3)}
    assert found(OF_TEN) == {customer_id(0), customer_id(1)}
    assert found(HOLDER) == set()


@pytest.mark.parametrize("customer", [customer_id(2), customer_id(999)], ids=["another's", "nobody"])
def test_anothers_customer_is_not_found_as_one_who_does_not_exist(customer: str) -> None:
    said = set()
    for read in (
        lambda: queries.customer_get(OF_TEN, customer),
        lambda: queries.customer_timeline(OF_TEN, customer),
        lambda: queries.customer_monthly_spend(OF_TEN, customer),
        lambda: governance.identity_masked(OF_TEN, customer),
        lambda: marketing.decision_get(OF_TEN, customer),
    ):
        with pytest.raises(NotFound) as fault:
            read()
        said.add(str(fault.value))
    assert said == {"There is no such customer."}


def test_counts_lists_searches_and_top_actions_are_of_ones_own() -> None:
    count = queries.segment_count(OF_TWENTY, "cards_held >= 0").count
    page = queries.segment_page(OF_TWENTY, "cards_held >= 0", 1_000)
    assert count == page.count == len(_of(20))
    assert {row["customer_id"] for row in page.rows} == _of(20)
    assert [found.customer_id for found in queries.customer_search(OF_TEN, "李雷")] == [customer_id(1)]
    assert queries.customer_search(OF_TWENTY, "李雷") == []
    assert {top.customer_id for top in marketing.top_actions(OF_TWENTY, 50)} <= _of(20)
    assert queries.segment_count(OF_NONE, "cards_held >= 0").count == 0


def test_what_is_not_published_is_for_the_whole_bank_only() -> None:
    for read in (
        lambda: queries.customer_get(OF_TEN, customer_id(0), at="current"),
        lambda: queries.segment_count(OF_TEN, "cards_held >= 0", at="current"),
        lambda: queries.customer_resolve(OF_TEN, "C0000"),
    ):
        with pytest.raises(Forbidden):
            read()


def test_a_cardholder_sees_their_own_page_only() -> None:
    assert queries.customer_get(HOLDER, customer_id(4))["customer_id"] == customer_id(4)
    with pytest.raises(NotFound):
        queries.customer_get(HOLDER, customer_id(5))
    with pytest.raises(Forbidden):
        queries.customer_search(HOLDER, "李雷")
