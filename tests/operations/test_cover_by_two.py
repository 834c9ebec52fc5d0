"""A cover that lends a right which no administrator gives alone takes two of them."""

from datetime import date, timedelta

import pytest
from approving import sign, user

from zhike.core.actor import Actor
from zhike.core.errors import Forbidden
from zhike.operations.approvals import actions as approvals
from zhike.operations.governance.actions import user_create, user_role_change
from zhike.operations.governance.approved import applying
from zhike.operations.governance.belonging import cover_begin, rights_and_scope, today
from zhike.operations.governance.models import Membership, User
from zhike.operations.governance.roles import ROLES

pytestmark = pytest.mark.django_db


def in_a_week() -> date:
    return today() + timedelta(days=7)


def opened(maker: Actor, kind: str, **given: object) -> int:
    number = approvals.request_make(maker, kind=kind, given=given, reason="for a test")
    approvals.request_open(maker, request_id=number)
    return number


def test_a_cover_that_lends_the_right_to_sign_needs_two_people() -> None:
    alone = user("lin")
    user("wu")
    user_create(alone, user="ghost", role_name="marketer")
    with pytest.raises(Forbidden, match="second person"):
        cover_begin(alone, user="ghost", covers="wu", valid_from=today(), valid_to=in_a_week())
    assert not Membership.objects.exists()
    user("away", "teller")
    cover_begin(alone, user="ghost", covers="away", valid_from=today(), valid_to=in_a_week())


def test_two_people_begin_such_a_cover_and_who_stands_in_is_neither() -> None:
    maker, checker, third = user("lin"), user("wu"), user("zhao")
    user("away", "branch_manager")
    given = {"covers": "away", "valid_from": today().isoformat(), "valid_to": in_a_week().isoformat()}
    number = opened(maker, "cover", user="zhao", **given)
    with pytest.raises(Forbidden, match="about you"):
        sign(third, number)
    assert sign(checker, number).state == "applied"
    assert "branch_manager" in rights_and_scope(User.objects.get(username="zhao"), today())[0]
    with pytest.raises(Forbidden, match="about you"):
        opened(maker, "cover", user="lin", **given)


def test_a_new_role_is_not_lent_to_who_covered_for_the_old_one() -> None:
    alone = user("lin")
    for name in ("away", "ghost", "later"):
        user(name, "teller")
    cover_begin(alone, user="ghost", covers="away", valid_from=today() - timedelta(days=1), valid_to=in_a_week())
    cover_begin(alone, user="later", covers="away", valid_from=today() + timedelta(days=1), valid_to=in_a_week())
    with applying("role_change"):
        user_role_change(alone, user="away", role_name="branch_manager")
    for name in ("ghost", "later"):
        for day in (today(), today() + timedelta(days=2)):
            assert rights_and_scope(User.objects.get(username=name), day)[1] == ROLES["teller"].permissions
