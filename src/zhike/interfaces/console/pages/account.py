"""One's own log-in: the second factor, and where one is logged in."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from zhike.core.actor import Actor
from zhike.core.errors import BadInput
from zhike.core.text import Text
from zhike.interfaces.accounts.lockout import OPEN
from zhike.interfaces.console.panel import panel
from zhike.interfaces.console.registry import Page, pages
from zhike.operations.governance import factor, sessions

_WHICH = Text("请选择要结束的会话。", "Choose the session to end.")


@pages.register(
    Page(
        name="account",
        path="account/",
        title=Text("我的登录", "My log-in"),
        meaning=Text("第二因素与登录会话", "Second factor and open sessions"),
        icon="user",
        permission="manage_own_account",
        menu=90,
        texts={
            "factor": Text("第二因素", "Second factor"),
            "factor.on": Text("已启用", "On"),
            "factor.off": Text("未启用", "Off"),
            "factor.on.help": Text(
                "登录时除密码外还须输入验证器应用中的验证码。",
                "Logging in takes your password and a code of your authenticator app.",
            ),
            "factor.off.help": Text(
                "启用后，仅凭密码无法登录您的账号。建议立即启用。",
                "Once it is on, a password alone does not open your account. Turn it on now.",
            ),
            "factor.set_up": Text("启用", "Set up"),
            "factor.codes": Text("重新生成恢复码", "New recovery codes"),
            "factor.remove": Text("停用", "Turn off"),
            "password": Text("密码", "Password"),
            "password.change": Text("修改密码", "Change"),
            "sessions": Text("登录会话", "Open sessions"),
            "device": Text("设备", "Device"),
            "address": Text("地址", "Address"),
            "began": Text("开始", "Since"),
            "seen": Text("最近使用", "Last used"),
            "this": Text("当前会话", "You are here"),
            "end": Text("结束", "End"),
            "end_others": Text("结束其他所有会话", "End all others"),
            "unknown": Text("未知设备", "Unknown device"),
            "sessions.help": Text(
                "不认识的会话请立即结束，并联系管理员重置密码。",
                "End a session you do not know at once, and ask an administrator for a new password.",
            ),
        },
    )
)
def account(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    return {
        "has_factor": factor.factor_stands(actor),
        "sessions": panel(lambda: sessions.sessions_own(actor)),
        "this": request.session.get(OPEN),
    }


@account.part("end", "sessions/end/", method="POST")
def end(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Ends one session; this one by logging out."""
    chosen = request.POST.get("session", "")
    if not chosen:
        raise BadInput(_WHICH)
    sessions.session_end(actor, session_id=chosen)
    return redirect("account")


@account.part("end_others", "sessions/end-others/", method="POST")
def end_others(request: HttpRequest, actor: Actor) -> HttpResponse:
    sessions.sessions_end_others(actor, keep=request.session.get(OPEN) or "")
    return redirect("account")
