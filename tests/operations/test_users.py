"""Users: made with a fresh password that is kept only as an argon2 hash; a role gives the rights."""

import pytest

from zhike.core.errors import BadInput, Conflict, Forbidden, NotFound
from zhike.operations.governance import actions, queries
from zhike.operations.governance.actors import job_actor, system_actor
from zhike.operations.governance.models import AuditEntry, User
from zhike.operations.governance.roles import PERMISSIONS, ROLES

pytestmark = pytest.mark.django_db


def test_a_new_user_logs_in_with_the_password_shown_once() -> None:
    password = actions.user_create(system_actor(), user="lin", role_name="analyst")
    user = User.objects.get()
    assert user.password.startswith("argon2")
    assert user.check_password(password)
    assert password not in str(list(AuditEntry.objects.values()))
    fresh = actions.user_reset(system_actor(), user="lin")
    user.refresh_from_db()
    assert user.check_password(fresh)
    assert not user.check_password(password)


def test_a_role_gives_the_rights_and_a_disabled_user_has_none() -> None:
    actions.user_create(system_actor(), user="lin", role_name="analyst")
    user = User.objects.get()
    actor = queries.actor_of(user, locale="en")
    assert (actor.kind, actor.name, actor.locale) == ("staff", "lin", "en")
    assert actor.permissions == ROLES["analyst"].permissions
    assert not actor.may("reveal_identity")
    user.is_active = False
    with pytest.raises(Forbidden):
        queries.actor_of(user)


def test_faults_say_what_to_do() -> None:
    actions.user_create(system_actor(), user="lin", role_name="analyst")
    with pytest.raises(Conflict, match="zhike user reset lin"):
        actions.user_create(system_actor(), user="lin", role_name="analyst")
    with pytest.raises(BadInput, match="administrator"):
        actions.user_create(system_actor(), user="wu", role_name="boss")
    with pytest.raises(NotFound, match="no user wu"):
        actions.user_reset(system_actor(), user="wu")


@pytest.mark.parametrize("name", ["", " ", "lin\n", "lin ", "li n", "<script>", "林", "a" * 65, "a" * 300, "li\x00n"])
def test_a_name_is_letters_digits_and_few_signs(name: str) -> None:
    with pytest.raises(BadInput, match="1 to 64 letters"):
        actions.user_create(system_actor(), user=name, role_name="analyst")
    with pytest.raises(Forbidden):
        actions.user_create(job_actor("night"), user=name.replace("\x00", ""), role_name="analyst")
    assert not User.objects.exists()


@pytest.mark.parametrize("name", ["a", "Lin.Wu_2-x@bank.example", "a" * 64])
def test_such_a_name_is_taken(name: str) -> None:
    assert actions.user_create(system_actor(), user=name, role_name="analyst")


def test_nightly_work_never_sees_a_person() -> None:
    personal = {"view_customer", "search_customer", "reveal_identity", "manage_users"}
    assert not job_actor("refresh").permissions & personal
    assert system_actor().permissions == PERMISSIONS.keys()
