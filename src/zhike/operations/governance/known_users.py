"""Users by their log-in names, for actions on them; raises NotFound where there is none."""

from zhike.core.errors import NotFound
from zhike.core.text import Text
from zhike.operations.governance.models import User


def user_named(name: str, lock: bool = False) -> User:
    """Anybody who may ever have logged in: staff and cardholders, disabled ones too."""
    users = User.objects.select_for_update() if lock else User.objects.all()
    return _found(users.filter(username=name).first(), name)


def staff_named(name: str) -> User:
    """A member of staff: a cardholder belongs nowhere, covers nobody and is given nothing."""
    return _found(User.objects.filter(username=name, party_id__isnull=True).first(), name)


def active_staff_named(name: str) -> User:
    """A member of staff who may log in."""
    found = User.objects.filter(username=name, party_id__isnull=True, is_active=True).first()
    if found is None:
        raise no_active_user(name)
    return found


def no_active_user(name: str) -> NotFound:
    return NotFound(Text(f"没有在职用户 {name[:64]}。", f"There is no active user {name[:64]}."))


def _found(user: User | None, name: str) -> User:
    if user is None:
        raise NotFound(Text(f"没有用户 {name[:64]}。", f"There is no user {name[:64]}."))
    return user
