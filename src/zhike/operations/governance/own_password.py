"""One's own password: chosen by whoever logs in, known to nobody else."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from zhike.core.actor import Actor
from zhike.core.errors import BadInput
from zhike.core.text import Text
from zhike.operations.governance.acting import action, note
from zhike.operations.governance.models import User


@action(permission="manage_own_account", audit="password.change")
def password_change(actor: Actor, *, old: str, new: str) -> None:
    """Puts a password of one's own in the place of the one before; raises BadInput for a wrong or a weak one."""
    user = User.objects.select_for_update().get(username=actor.name)
    if not user.check_password(old):
        raise BadInput(Text("当前密码不正确。", "The present password is not right."))
    try:
        validate_password(new, user)
        weak = new == old
    except ValidationError:
        weak = True
    if weak:
        raise BadInput(
            Text(
                "新密码至少 12 位，不能是常见密码、纯数字，不能与用户名相近或与当前密码相同。",
                "The new password has 12 characters or more, is no common one, not all digits, not like your user "
                "name, and not the present one.",
            )
        )
    note(was_given=user.password_once)
    user.set_password(new)
    user.password_once = False
    user.save(update_fields=["password", "password_once"])
