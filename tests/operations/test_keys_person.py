"""A key is whoever it acts for: to the database too, and to every rule that asks who somebody is."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, transaction
from small_bank import customer_id

from zhike.core.actor import WHOLE_BANK, Actor, Scope
from zhike.core.errors import Forbidden, NotFound, TooMany
from zhike.core.settings import settings
from zhike.operations.governance.acting import transaction_of
from zhike.operations.governance.actors import system_actor
from zhike.operations.governance.belonging import cover_begin, today
from zhike.operations.governance.models import User
from zhike.operations.governance.roles import ROLES
from zhike.operations.service import actions, queries
from zhike.operations.service.models import Complaint, ComplaintText

pytestmark = pytest.mark.django_db
RIGHTS = ROLES["service_supervisor"].permissions


@pytest.fixture(scope="module", autouse=True)
def _published(published_bank: None) -> None:
    return


@pytest.fixture(autouse=True)
def _people(db: None) -> None:
    for name in ("su", "qian", "agent"):
        User.objects.create(username=name, password="!", role="service_supervisor")


def key_of(owner: str, number: int = 1, scope: Scope = WHOLE_BANK) -> Actor:
    return Actor("key", f"zk_{number:012x}", RIGHTS, owner, "API key", "en", frozenset(), scope)


def staff(name: str, scope: Scope = WHOLE_BANK) -> Actor:
    return Actor("staff", name, RIGHTS, locale="en", scope=scope)


def take(actor: Actor, about: str | None = None) -> str:
    given = {"channel": "phone", "cause": "conduct", "text": "态度恶劣", "about": about}
    return actions.complaint_take(actor, customer_id=customer_id(0), **given)


def test_the_database_hides_a_complaint_from_the_key_of_whom_it_is_about() -> None:
    complaint = take(staff("agent"), about="su")
    other = take(staff("agent"))
    with transaction_of(key_of("su")):
        assert set(Complaint.objects.values_list("complaint_id", flat=True)) == {other}
        assert set(ComplaintText.objects.values_list("complaint_id", flat=True)) == {other}
    with transaction_of(key_of("qian")):
        assert Complaint.objects.filter(complaint_id=complaint).exists()
    with pytest.raises(NotFound):
        queries.complaint_get(key_of("su"), complaint)


def test_the_database_takes_no_complaint_about_the_owner_of_the_key() -> None:
    complaint = take(staff("agent"))
    with pytest.raises(ProgrammingError), transaction.atomic(), transaction_of(key_of("su"), read_only=False):
        Complaint.objects.filter(complaint_id=complaint).update(about="su")


def test_the_key_of_a_stand_in_handles_no_more_than_the_stand_in() -> None:
    complaint = take(staff("agent"), about="su")
    cover_begin(system_actor(), user="qian", covers="su", valid_from=today(), valid_to=today() + timedelta(days=5))
    for actor in (staff("qian"), key_of("qian")):
        with pytest.raises(Forbidden, match="stands in"):
            actions.complaint_accept(actor, complaint_id=complaint)


@pytest.mark.parametrize("scope", [WHOLE_BANK, Scope(branches=frozenset({10, 11, 20}))], ids=["bank", "branches"])
def test_many_keys_of_one_owner_read_no_more_than_one(scope: Scope) -> None:
    complaint = take(staff("agent"))
    (text,) = queries.complaint_get(staff("qian"), complaint).texts
    most = settings().reveals_per_hour
    wanted = {"complaint_id": complaint, "text_id": text.text_id, "purpose": "to answer"}
    for number in range(most):
        actions.complaint_read(key_of("qian", number, scope), **wanted)
    for actor in (key_of("qian", most, scope), staff("qian", scope)):
        with pytest.raises(TooMany):
            actions.complaint_read(actor, **wanted)
    actions.complaint_read(staff("su"), **wanted)
