"""Teams and assignments: who is narrowed sees what is assigned, by both locks, on the days it is assigned."""

from datetime import date, timedelta

import pytest
import small_bank
from django.db import IntegrityError, connection, transaction
from small_bank import branch_of, customer_id

from zhike.core.actor import Actor, Scope
from zhike.core.errors import BadInput, Forbidden, Invariant, NotFound
from zhike.operations.customers import queries
from zhike.operations.governance import teams
from zhike.operations.governance.acting import transaction_of
from zhike.operations.governance.actions import cardholder_create, user_create
from zhike.operations.governance.actors import system_actor
from zhike.operations.governance.belonging import cover_begin, membership_begin, today
from zhike.operations.governance.models import Assignment, User
from zhike.operations.governance.queries import actor_of
from zhike.operations.governance.visibility import visible_ids
from zhike.operations.marketing import queries as marketing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_bank")]
SYSTEM = system_actor()
LONG_AGO = date(2025, 6, 1)
TO_A = Scope(assigned=frozenset({"a"}), on=LONG_AGO)


def _made(name: str, role: str = "relationship_manager", branch: int = 10) -> None:
    user_create(SYSTEM, user=name, role_name=role)
    membership_begin(SYSTEM, user=name, branch_id=branch, valid_from=LONG_AGO)


def _actor(name: str) -> Actor:
    return actor_of(User.objects.get(username=name), locale="en")


def _narrow(name: str) -> None:
    _made(name)
    teams.user_narrow(SYSTEM, user=name, assigned_only=True)


def _both_locks(actor: Actor) -> set[str]:
    """Whom the first lock shows, after asking the second whether it shows the same."""
    with transaction_of(actor), connection.cursor() as cursor:
        first = set(visible_ids(actor) or [])
        cursor.execute("SELECT customer_id FROM published.customer_view_000001")
        assert {row for (row,) in cursor.fetchall()} == first
        assert set(Assignment.visible_to(actor).values_list("customer_id", flat=True)) <= first
    return first


def test_only_what_is_assigned_is_seen_and_all_again_when_widened() -> None:
    _narrow("lin")
    assert _both_locks(_actor("lin")) == set()
    for number in (0, 2):
        teams.customer_assign(SYSTEM, customer_id=customer_id(number), user="lin", valid_from=today())
    lin = _actor("lin")
    assert _both_locks(lin) == {customer_id(0), customer_id(2)}
    assert queries.customer_get(lin, customer_id(2))["customer_id"] == customer_id(2)
    with pytest.raises(NotFound):
        queries.customer_get(lin, customer_id(3))
    assert {top.customer_id for top in marketing.top_actions(lin, 50)} <= {customer_id(0), customer_id(2)}
    teams.user_narrow(SYSTEM, user="lin", assigned_only=False)
    branch = {customer_id(n) for n in range(small_bank.CUSTOMERS) if branch_of(n) in (10, 11)}
    assert _both_locks(_actor("lin")) == branch


def test_an_assignment_and_a_membership_hold_from_day_to_day() -> None:
    _narrow("lin")
    teams.team_make(SYSTEM, team="北区顾问")
    teams.team_join(SYSTEM, user="lin", team="北区顾问", valid_from=today())
    day = timedelta(days=1)
    for number, (since, until) in enumerate(
        [(today() - day, None), (today(), today() + day), (today() - day, today()), (today() + day, None)]
    ):
        teams.customer_assign(
            SYSTEM, customer_id=customer_id(number), team="北区顾问", valid_from=since, valid_to=until
        )
    assert _both_locks(_actor("lin")) == {customer_id(0), customer_id(1)}
    teams.customer_unassign(SYSTEM, customer_id=customer_id(0), team="北区顾问", valid_to=today())
    assert _both_locks(_actor("lin")) == {customer_id(1)}
    teams.team_leave(SYSTEM, user="lin", team="北区顾问", valid_to=today() + day)
    assert _both_locks(_actor("lin")) == {customer_id(1)}
    assert Scope(assigned=frozenset({"lin"}), on=today() + day) != _actor("lin").scope
    with transaction_of(SYSTEM):
        assert Assignment.objects.count() == 4, "what was is kept"


def test_a_cover_lends_what_is_assigned_and_what_is_the_branchs() -> None:
    _narrow("lin")
    _made("wu", "teller", 20)
    teams.customer_assign(SYSTEM, customer_id=customer_id(0), user="lin", valid_from=today())
    cover_begin(SYSTEM, user="wu", covers="lin", valid_from=today(), valid_to=today() + timedelta(days=5))
    of_twenty = {customer_id(n) for n in range(small_bank.CUSTOMERS) if branch_of(n) == 20}
    assert _both_locks(_actor("wu")) == of_twenty | {customer_id(0)}
    assert _both_locks(_actor("lin")) == {customer_id(0)}


def test_nobody_gives_what_is_not_theirs_or_to_themselves() -> None:
    _made("zhou", "branch_manager", 20)
    _narrow("lin")
    zhou = _actor("zhou")
    teams.customer_assign(zhou, customer_id=customer_id(2), user="lin", valid_from=today())
    for unseen in (customer_id(0), customer_id(999)):
        with pytest.raises(NotFound, match="no such customer"):
            teams.customer_assign(zhou, customer_id=unseen, user="lin", valid_from=today())
    with pytest.raises(Forbidden):
        teams.customer_assign(_actor("lin"), customer_id=customer_id(2), user="lin", valid_from=today())
    user_create(SYSTEM, user="boss", role_name="administrator")
    teams.team_make(SYSTEM, team="南区")
    for myself in (
        lambda: teams.team_join(_actor("boss"), user="boss", team="南区", valid_from=today()),
        lambda: teams.user_narrow(_actor("boss"), user="boss", assigned_only=False),
        lambda: teams.user_narrow(SYSTEM, user="boss", assigned_only=True),
        lambda: teams.customer_assign(SYSTEM, customer_id=customer_id(0), valid_from=today()),
        lambda: teams.customer_assign(SYSTEM, customer_id=customer_id(0), user="lin", team="南区", valid_from=today()),
    ):
        with pytest.raises(BadInput):
            myself()


@pytest.mark.parametrize(
    ("scope", "told"),
    [
        (Scope(assigned=frozenset({"wu", "lin@b"}), on=date(2026, 6, 30)), "assigned:2026-06-30:lin@b,wu"),
        (Scope(branches=frozenset({7, 3})) | TO_A, "assigned:2025-06-01:a;branches:3,7"),
        (Scope(bank=True) | TO_A, "bank"),
    ],
)  # fmt: skip
def test_how_a_scope_is_told(scope: Scope, told: str) -> None:
    assert str(scope) == told


def test_the_scope_of_a_party_is_not_widened() -> None:
    with pytest.raises(Invariant):
        _ = Scope(party="x") | Scope(bank=True)


def test_a_cardholder_is_bound_to_one_party_for_good() -> None:
    cardholder_create(SYSTEM, user="holder-0", customer_id=customer_id(0))
    holder = _actor("holder-0")
    assert (holder.kind, str(holder.scope)) == ("cardholder", f"party:{customer_id(0)}")
    assert _both_locks(holder) == {customer_id(0)}
    _made("lin")
    for wrong in ({"role": "teller"}, {"party_id": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.filter(username="holder-0").update(**wrong)
    for wrong in ({"role": "cardholder"}, {"party_id": customer_id(1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.filter(username="lin").update(**wrong)
    with pytest.raises(BadInput):
        user_create(SYSTEM, user="holder-1", role_name="cardholder")
    for staff_only in (
        lambda: membership_begin(SYSTEM, user="holder-0", branch_id=10, valid_from=LONG_AGO),
        lambda: cover_begin(SYSTEM, user="lin", covers="holder-0", valid_from=today(), valid_to=today() + timedelta(1)),
        lambda: teams.customer_assign(SYSTEM, customer_id=customer_id(1), user="holder-0", valid_from=today()),
    ):
        with pytest.raises(NotFound):
            staff_only()
