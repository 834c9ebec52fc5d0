"""Who gave a colleague the way in could come in as them: for a week the two are one person to approvals."""

from datetime import timedelta

import pytest
from approving import acting, asked_for, made_kind, sign, user

from zhike.core.errors import BadInput, Conflict, Forbidden
from zhike.operations.approvals.delegations import delegation_begin
from zhike.operations.governance.actions import user_create, user_reset
from zhike.operations.governance.actors import system_actor
from zhike.operations.governance.approved import applying
from zhike.operations.governance.belonging import today
from zhike.operations.governance.factor import factor_reset
from zhike.operations.governance.models import User

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("given", [user_reset, factor_reset])
def test_who_gave_a_colleague_the_way_in_is_no_second_person(given) -> None:
    one, other = user("lin"), user("wu")
    given(one, user="wu")
    with made_kind():
        with pytest.raises(Forbidden, match="one person"):
            sign(other, asked_for(one))
        with pytest.raises(Forbidden, match="one person"):
            sign(one, asked_for(other))
        assert sign(user("zhao"), asked_for(other)).state == "applied"
        User.objects.update(password_given_at=None, factor_reset_at=None)
        assert sign(other, asked_for(one)).state == "applied"


def test_two_whom_a_third_let_in_are_not_two() -> None:
    alone, maker = user("lin"), user("wu")
    first, second, free = (user(name) for name in ("zhao", "qian", "sun"))
    for name in ("zhao", "qian"):
        user_reset(alone, user=name)
    with made_kind(signatures=2):
        with pytest.raises(Forbidden, match="one person"):
            sign(second, asked_for(first))
        number = asked_for(maker)
        assert sign(first, number).state == "open"
        with pytest.raises(Conflict, match="one person"):
            sign(second, number)
        assert sign(free, number).state == "applied"


def test_nor_does_a_third_sign_with_the_right_of_whom_the_maker_let_in() -> None:
    maker, lender, hand = user("lin"), user("wu"), user("sun", "marketer")
    with made_kind():
        delegation_begin(lender, delegate="sun", kind="", valid_from=today(), valid_to=today() + timedelta(days=9))
        user_reset(maker, user="wu")
        number = asked_for(maker)
        with pytest.raises(Forbidden, match="may not sign"):
            sign(hand, number)
        User.objects.update(password_given_at=None)
        assert sign(hand, number).state == "applied"


def test_a_user_just_made_signs_nothing_of_their_maker() -> None:
    alone = user("lin")
    with applying("role_change"):
        user_create(alone, user="ghost", role_name="administrator")
    with made_kind(), pytest.raises(Forbidden, match="one person"):
        sign(acting("ghost"), asked_for(alone))


def test_password_and_factor_are_not_reset_by_one_hand() -> None:
    one, other = user("lin"), user("wu")
    for name in ("zhao", "qian"):
        user(name)
    user_reset(one, user="zhao")
    with pytest.raises(BadInput, match="another administrator"):
        factor_reset(one, user="zhao")
    factor_reset(other, user="zhao")
    factor_reset(one, user="qian")
    with pytest.raises(BadInput, match="another administrator"):
        user_reset(one, user="qian")
    user_reset(other, user="qian")
    with pytest.raises(BadInput, match="another administrator"):
        factor_reset(other, user="qian")


def test_nobody_resets_their_own_password_as_an_administrator() -> None:
    one = user("lin")
    with pytest.raises(BadInput, match="another administrator"):
        user_reset(one, user="lin")


def test_the_machines_owner_keeps_the_direct_road() -> None:
    maker, checker = user("lin"), user("wu")
    for name in ("lin", "wu"):
        user_reset(system_actor(), user=name)
        factor_reset(system_actor(), user=name)
    with made_kind():
        assert sign(checker, asked_for(maker)).state == "applied"
