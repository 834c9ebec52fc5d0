"""One's own password, changed: when one likes, and before anything else after an administrator gave it."""

from typing import Any

from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from zhike.core.actor import Actor
from zhike.core.errors import BadInput
from zhike.core.text import Text
from zhike.interfaces.accounts.lockout import OPEN, address_of
from zhike.interfaces.console.registry import Page, pages
from zhike.operations.governance import attempts, own_password, sessions

_LONGEST = 256


@pages.register(
    Page(
        name="password",
        path="account/password/",
        title=Text("修改密码", "Change password"),
        meaning=Text("换成只有您自己知道的密码", "A password that only you know"),
        icon="key-round",
        permission="manage_own_account",
        under="account",
        methods=("GET", "POST"),
        texts={
            "once": Text(
                "您的密码由管理员设置。请先换成只有您自己知道的密码，再继续使用。",
                "An administrator gave you this password. Choose one that only you know; then go on.",
            ),
            "old": Text("当前密码", "Present password"),
            "new": Text("新密码", "New password"),
            "again": Text("再次输入新密码", "New password, again"),
            "rule": Text(
                "至少 12 位；不能是常见密码或纯数字。", "12 characters or more; no common one, not all digits."
            ),
            "submit": Text("修改密码", "Change password"),
            "others": Text("修改后，其他会话立即结束。", "With it your other sessions end."),
        },
    )
)
def password(request: HttpRequest, actor: Actor) -> dict[str, Any] | HttpResponse:
    if request.method != "POST":
        return {}
    old, new, again = (request.POST.get(name, "")[:_LONGEST] for name in ("old", "new", "again"))
    try:
        if not old:
            raise BadInput(Text("请输入当前密码。", "Type your present password."))
        if new != again:
            raise BadInput(Text("两次输入的新密码不一致。", "The new password was not typed alike twice."))
        _change(request, actor, old, new)
    except BadInput as fault:
        values = {"page": password, "actor": actor, "fault": fault.in_(actor.locale)}
        return render(request, "pages/password.html", values, status=400)
    request.user.refresh_from_db()
    update_session_auth_hash(request, request.user)  # type: ignore[arg-type]
    sessions.sessions_end_others(actor, keep=request.session.get(OPEN) or "")
    return redirect("account")


def _change(request: HttpRequest, actor: Actor, old: str, new: str) -> None:
    """A wrong present password counts as one at log-in does."""
    address = address_of(request)
    with attempts.one_at_a_time(actor.name):
        right = not attempts.is_locked(actor.name, address) and request.user.check_password(old)
        if not right:
            attempts.failure_count(actor.name, address)
            old = ""
    own_password.password_change(actor, old=old, new=new)
