"""An erased person: unreadable, unfindable, not kept again by a later load, and said so; the facts go on."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from command_line import Run
from django.test import Client
from owning import owner
from small_bank import customer_id, people

from zhike.core.actor import WHOLE_BANK, Actor
from zhike.core.errors import BadInput, Forbidden, NotFound
from zhike.operations.customers import queries as customers
from zhike.operations.governance import actions, erasing, queries
from zhike.operations.governance.acting import action
from zhike.operations.governance.actors import cardholder_actor, system_actor
from zhike.operations.governance.models import User
from zhike.operations.governance.vault import open_vault
from zhike.operations.marketing import queries as marketing

RIGHTS = frozenset({"erase_person", "view_customer", "search_customer", "view_decision"})
OFFICER = Actor("staff", "qian", RIGHTS, scope=WHOLE_BANK)
ZHANG, LI = customer_id(0), customer_id(1)


@pytest.fixture(scope="module", autouse=True)
def _erased(published_bank: None) -> None:
    done = erasing.person_erase(system_actor(), customer_id=ZHANG, purpose="request 7")
    assert (done.fields, done.before) == (3, False)
    assert done.tokens == 4


@pytest.fixture(autouse=True)
def _unblocked(django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield


@action(permission="load_data", audit="data.load", long=True)
def keep(actor: Actor) -> int:
    """The person's files, loaded once more; returns how many fields were not kept."""
    vault = open_vault()
    assert vault.write(people()) == 0
    return vault.erased_skipped


def _rows(table: str, party: str) -> int:
    with owner() as cursor:
        cursor.execute(f"SELECT count(*) FROM governance_{table} WHERE party_id = %s", [party])
        return int(cursor.fetchone()[0])


def test_nothing_of_the_person_is_left() -> None:
    assert [_rows(table, ZHANG) for table in ("vaultkey", "vaultfield", "vaulttoken")] == [0, 0, 0]
    assert _rows("vaulterased", ZHANG) == 1
    assert queries.identity_masked(OFFICER, ZHANG) == queries.Identity(ZHANG, {}, erased=True)
    assert queries.identity_masked(OFFICER, LI).erased is False
    with pytest.raises(NotFound):
        actions.identity_reveal(system_actor(), customer_id=ZHANG, field="phone", purpose="asked")


@pytest.mark.parametrize("text", ["张小明", "13812345670", "5670", "C0000"])
def test_the_person_is_found_no_more(text: str) -> None:
    assert ZHANG not in {found.customer_id for found in customers.customer_search(OFFICER, text)}
    with pytest.raises(NotFound):
        customers.customer_resolve(OFFICER, "C0000")


def test_a_later_load_keeps_nothing_and_counts_it() -> None:
    assert keep(system_actor()) == 3
    assert [_rows(table, ZHANG) for table in ("vaultkey", "vaultfield", "vaulttoken")] == [0, 0, 0]
    assert _rows("vaultfield", LI) == 3


def test_the_facts_go_on_and_a_decision_replays() -> None:
    assert customers.customer_get(OFFICER, ZHANG)["features"]["cards_held"] == 1
    assert marketing.decision_replay(replace(system_actor(), name="audit"), ZHANG).equal


def test_the_page_says_so() -> None:
    User.objects.create_user("hua", "a password of some length", role="service_agent")
    client = Client()
    client.force_login(User.objects.get(username="hua"))
    page = client.get(f"/customers/{ZHANG}/").content.decode()
    assert "身份信息已依法销毁" in page
    assert "张**" not in page


def test_it_is_on_record_and_needs_right_ground_and_scope(capfd: pytest.CaptureFixture[str]) -> None:
    with owner() as cursor:
        cursor.execute(
            "SELECT actor_name, object_id, purpose, detail FROM governance_auditentry WHERE action = 'person.erase'"
            " AND outcome = 'done' AND NOT (detail->>'before')::boolean"
        )
        told = (system_actor().name, ZHANG, "request 7", {"fields": 3, "tokens": 4, "before": False})
        assert cursor.fetchall() == [told]
    with pytest.raises(BadInput):
        erasing.person_erase(system_actor(), customer_id=LI, purpose=" ")
    with pytest.raises(Forbidden, match="second person"):
        erasing.person_erase(OFFICER, customer_id=LI, purpose="alone")
    with pytest.raises(Forbidden):
        erasing.person_erase(cardholder_actor(LI), customer_id=LI, purpose="mine")
    code, out, _ = Run(capfd)("erase", ZHANG, "--purpose", "again", "--yes")
    assert (code, "had been erased before" in out) == (0, True)


def test_the_database_lets_nobody_take_it_back() -> None:
    with owner() as cursor:
        cursor.execute("SELECT has_table_privilege('zhike_app', 'governance_vaulterased', 'DELETE')")
        assert cursor.fetchone() == (False,)
