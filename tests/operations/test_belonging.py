"""Branches, memberships and covers: each from a day to a day."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from zhike.core.errors import BadInput, NotFound
from zhike.operations.governance import belonging
from zhike.operations.governance.actors import system_actor
from zhike.operations.governance.belonging import below, cover_begin, membership_begin, membership_end, rights_and_scope
from zhike.operations.governance.models import Membership, User
from zhike.operations.governance.queries import actor_of
from zhike.operations.governance.roles import ROLES

SYSTEM = system_actor()
EARLY, MOVED, LATE = date(2025, 1, 1), date(2026, 1, 1), date(2026, 3, 1)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _branches(db: None) -> None:
    """1 is above 10 and 20; 11 is below 10, and below 20 since it moved."""
    rows = [
        (1, None, EARLY, None),
        (10, 1, EARLY, None),
        (20, 1, EARLY, None),
        (11, 10, EARLY, MOVED),
        (11, 20, MOVED, None),
    ]
    names = ("branch_id", "parent_id", "valid_from", "valid_to")
    belonging.branches_keep(SYSTEM, versions=[{**dict(zip(names, row, strict=True)), "name": "分行"} for row in rows])


def _user(name: str, role: str = "branch_manager") -> User:
    return User.objects.create_user(name, "a password of some length", role=role)


def test_the_tree_is_followed_as_it_was_on_the_day() -> None:
    assert below({10}, date(2025, 6, 1)) == {10, 11}
    assert below({10}, LATE) == {10}
    assert below({20}, LATE) == {20, 11}
    assert below({1}, LATE) == {1, 10, 20, 11}
    assert below((), LATE) == frozenset()


def test_a_circle_of_branches_ends() -> None:
    rows = [{"branch_id": n, "parent_id": 3 - n, "name": "", "valid_from": EARLY, "valid_to": None} for n in (1, 2)]
    belonging.branches_keep(SYSTEM, versions=rows)
    assert below({1}, LATE) == {1, 2}


def test_a_membership_holds_from_its_first_day_until_its_last() -> None:
    user = _user("zhou")
    membership_begin(SYSTEM, user="zhou", branch_id=20, valid_from=MOVED)
    assert rights_and_scope(user, MOVED - timedelta(days=1))[2].branches == frozenset()
    assert rights_and_scope(user, MOVED)[2].branches == {20, 11}
    membership_end(SYSTEM, user="zhou", branch_id=20, valid_to=LATE)
    assert rights_and_scope(user, LATE - timedelta(days=1))[2].branches == {20, 11}
    assert rights_and_scope(user, LATE)[2].branches == frozenset()
    assert Membership.objects.count() == 1, "what was is kept"


def test_a_cover_lends_rights_and_branches_and_ends_by_itself() -> None:
    away, stand_in = _user("away"), _user("stand_in", "teller")
    membership_begin(SYSTEM, user="away", branch_id=10, valid_from=EARLY)
    membership_begin(SYSTEM, user="stand_in", branch_id=20, valid_from=EARLY)
    cover_begin(SYSTEM, user="stand_in", covers="away", valid_from=MOVED, valid_to=LATE)
    _, before, _ = rights_and_scope(stand_in, MOVED - timedelta(days=1))
    roles, rights, scope = rights_and_scope(stand_in, MOVED)
    assert before == ROLES["teller"].permissions
    assert rights == before | ROLES["branch_manager"].permissions
    assert (roles, scope.branches) == ({"teller", "branch_manager"}, {10, 20, 11})
    assert rights_and_scope(stand_in, LATE)[1:] == (before, rights_and_scope(stand_in, LATE)[2])
    assert rights_and_scope(stand_in, LATE)[2].branches == {20, 11}
    User.objects.filter(pk=away.pk).update(is_active=False)
    assert rights_and_scope(stand_in, MOVED)[1] == before, "nobody covers for whom is disabled"


def test_a_cover_is_not_lent_on() -> None:
    for name, role in (("boss", "branch_manager"), ("first", "teller"), ("second", "teller")):
        _user(name, role)
    cover_begin(SYSTEM, user="first", covers="boss", valid_from=EARLY, valid_to=EARLY + timedelta(days=30))
    cover_begin(SYSTEM, user="second", covers="first", valid_from=EARLY, valid_to=EARLY + timedelta(days=30))
    assert rights_and_scope(User.objects.get(username="second"), EARLY)[1] == ROLES["teller"].permissions


def test_what_cannot_be() -> None:
    _user("zhou")
    _user("away")
    with pytest.raises(BadInput, match="no branch 99"):
        membership_begin(SYSTEM, user="zhou", branch_id=99, valid_from=LATE)
    with pytest.raises(NotFound, match="no user nobody"):
        membership_begin(SYSTEM, user="nobody", branch_id=10, valid_from=LATE)
    with pytest.raises(BadInput, match="must come after"):
        membership_begin(SYSTEM, user="zhou", branch_id=10, valid_from=LATE, valid_to=LATE)
    with pytest.raises(BadInput, match="92 days"):
        cover_begin(SYSTEM, user="zhou", covers="away", valid_from=EARLY, valid_to=LATE)
    with pytest.raises(BadInput, match="themselves"):
        cover_begin(SYSTEM, user="zhou", covers="zhou", valid_from=EARLY, valid_to=EARLY + timedelta(days=1))


def test_the_database_refuses_a_cover_without_an_end() -> None:
    zhou, away = _user("zhou"), _user("away")
    for wrong in ({"valid_to": None}, {"covers": zhou, "valid_to": LATE}, {"branch_id": 10, "valid_to": LATE}):
        row = {"user": zhou, "covers": away, "valid_from": EARLY, "made_by": "x", **wrong}
        with pytest.raises(IntegrityError), transaction.atomic():
            Membership.objects.create(**row)


def test_an_actor_is_made_anew_for_every_request() -> None:
    user = _user("zhou")
    assert actor_of(user).scope.branches == frozenset()
    membership_begin(SYSTEM, user="zhou", branch_id=10, valid_from=belonging.today())
    assert actor_of(user).scope.branches == {10}
    assert actor_of(_user("lin", "analyst")).scope.bank
