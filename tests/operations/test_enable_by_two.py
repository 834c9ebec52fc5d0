"""A disabled colleague who signs comes back by two people; a key that reads complaints is its owner's own."""

from datetime import timedelta

import pytest
from approving import sign, user

from zhike.core.errors import BadInput, Forbidden
from zhike.operations.approvals import actions as approvals
from zhike.operations.governance.actions import user_disable, user_enable
from zhike.operations.governance.actors import system_actor
from zhike.operations.governance.api_keys import key_actor, key_make
from zhike.operations.governance.belonging import today
from zhike.operations.governance.models import User

pytestmark = pytest.mark.django_db


def is_active(name: str) -> bool:
    return User.objects.get(username=name).is_active


def test_who_signs_comes_back_by_two_people() -> None:
    alone, other = user("lin"), user("wu")
    for name, role in (("gone", "branch_manager"), ("teller", "teller")):
        user(name, role)
        user_disable(alone, user=name)
    with pytest.raises(Forbidden, match="second person"):
        user_enable(alone, user="gone")
    assert not is_active("gone")
    user_enable(alone, user="teller")
    assert is_active("teller")
    number = approvals.request_make(alone, kind="user_enable", given={"user": "gone"}, reason="for a test")
    approvals.request_open(alone, request_id=number)
    assert sign(other, number).state == "applied"
    assert is_active("gone")
    with pytest.raises(BadInput, match="no disabled"):
        approvals.request_make(alone, kind="user_enable", given={"user": "gone"}, reason="for a test")


@pytest.mark.parametrize("right", ["view_complaint", "handle_complaint"])
def test_nobody_reads_complaints_by_a_key_that_they_made_for_another(right: str) -> None:
    maker = user("lin")
    user("su", "service_supervisor")
    given = {"title": "x", "last_day": today() + timedelta(days=3)}
    with pytest.raises(BadInput, match="made by its owner"):
        key_make(maker, owner="su", permissions=[right], **given)
    key_make(maker, owner="su", permissions=["take_complaint"], **given)
    for key in (
        key_make(maker, owner="lin", permissions=[right], **given),
        key_make(system_actor(), owner="su", permissions=[right], **given),
    ):
        acting = key_actor(key)
        assert acting is not None
        assert acting.may(right)
