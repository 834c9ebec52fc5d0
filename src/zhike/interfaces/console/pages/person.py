"""One user: role, places and covers from a day to a day, and what an administrator does when something is lost."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from zhike.core.actor import Actor
from zhike.core.errors import BadInput, ZhikeError
from zhike.core.text import Text
from zhike.interfaces.console.registry import Page, pages
from zhike.interfaces.console.showing import show
from zhike.interfaces.input import typed_day, whole_number
from zhike.operations.governance import actions, attempts, factor, people, sessions, teams
from zhike.operations.governance.belonging import cover_begin, membership_begin, membership_end, today

_COVER_DAYS = 14
_DEEDS: dict[str, Callable[[Actor, str], Any]] = {
    "unlock": lambda actor, user: attempts.user_unlock(actor, user=user),
    "end_sessions": lambda actor, user: sessions.sessions_end_of(actor, user=user),
    "reset_factor": lambda actor, user: factor.factor_reset(actor, user=user),
    "disable": lambda actor, user: actions.user_disable(actor, user=user),
    "enable": lambda actor, user: actions.user_enable(actor, user=user),
    "narrow": lambda actor, user: teams.user_narrow(actor, user=user, assigned_only=True),
    "widen": lambda actor, user: teams.user_narrow(actor, user=user, assigned_only=False),
}


@pages.register(
    Page(
        name="person",
        path="person/<str:user>/",
        title=Text("用户", "User"),
        meaning=Text("一位用户的岗位、归属与登录", "One user: role, places, log-in"),
        icon="user",
        permission="manage_users",
        under="people",
        texts={
            "rights": Text("岗位与可见范围", "Role and reach"),
            "role": Text("岗位", "Role"),
            "role.change": Text("申请变更岗位", "Ask for another role"),
            "role.help": Text(
                "岗位变更须由第二位管理员审批；变更后，会话立即结束。",
                "Another role needs a second administrator's signature; with it all sessions end.",
            ),
            "reach": Text("可见客户", "Sees"),
            "reach.bank": Text("全行客户", "All customers of the bank"),
            "reach.branches": Text("所属机构及下级机构的客户", "Customers of their branches and all below"),
            "reach.assigned": Text("仅分派给本人或所在团队的客户", "Only customers assigned to them or their team"),
            "reach.own": Text("仅本人", "Their own rows only"),
            "teams": Text("团队", "Teams"),
            "login": Text("登录", "Log-in"),
            "state": Text("状态", "State"),
            "factor": Text("第二因素", "Second factor"),
            "last_login": Text("最近登录", "Last log-in"),
            "sessions": Text("打开的会话", "Open sessions"),
            "deed.unlock": Text("解除锁定", "Unlock"),
            "deed.end_sessions": Text("结束所有会话", "End all sessions"),
            "deed.reset_factor": Text("重置第二因素", "Reset second factor"),
            "deed.disable": Text("停用账号", "Disable"),
            "deed.enable": Text("启用账号", "Enable"),
            "deed.narrow": Text("仅看分派客户", "Narrow to assigned"),
            "deed.widen": Text("看所属机构全部客户", "Widen to branches"),
            "password.reset": Text("重置密码", "Reset password"),
            "myself": Text(
                "这是您自己的账号：权限、停用与第二因素须由另一位管理员办理。",
                "This is your own account: another administrator changes its rights and second factor, or disables it.",
            ),
            "places": Text("归属机构", "Branches"),
            "branch": Text("机构", "Branch"),
            "from": Text("起始日", "First day"),
            "until": Text("结束日（当日不含）", "Until (excluded)"),
            "open": Text("长期", "Open"),
            "none": Text("尚未归属任何机构：看不到客户。", "Belongs nowhere yet: sees no customer."),
            "belong": Text("新增归属", "Add"),
            "leave": Text("今日结束", "End today"),
            "covers": Text("临时代岗", "Stands in for"),
            "covers.help": Text(
                "代岗期间同时拥有被代岗人的权限与可见客户，最长 92 天，到期自动结束。",
                "Lends the rights and customers of who is away, for 92 days at most; it ends by itself.",
            ),
            "covers.who": Text("被代岗人用户名", "User name of who is away"),
            "covers.do": Text("安排代岗", "Begin"),
            "covers.none": Text("没有代岗", "Stands in for nobody"),
        },
    )
)
def person(request: HttpRequest, actor: Actor, user: str) -> dict[str, Any]:
    return _values(actor, user)


@person.part("do", "do/", method="POST")
def do(request: HttpRequest, actor: Actor, user: str) -> HttpResponse:
    """One of the deeds that need nothing but a name."""
    deed = _DEEDS.get(request.POST.get("deed", ""))
    if deed is None:
        raise BadInput(Text("请选择要做的操作。", "Choose what to do."))
    return _done(request, actor, user, lambda: deed(actor, user))


@person.part("password", "password/", method="POST")
def password(request: HttpRequest, actor: Actor, user: str) -> HttpResponse:
    """A fresh password, shown this once."""
    fresh = actions.user_reset(actor, user=user)
    return show(request, actor, person, {**_values(actor, user), "password": fresh})


@person.part("belong", "belong/", method="POST")
def belong(request: HttpRequest, actor: Actor, user: str) -> HttpResponse:
    def begin() -> None:
        since, until = _day(request, "from") or today(), _day(request, "until")
        membership_begin(actor, user=user, branch_id=_branch(request), valid_from=since, valid_to=until)

    return _done(request, actor, user, begin)


@person.part("leave", "leave/", method="POST")
def leave(request: HttpRequest, actor: Actor, user: str) -> HttpResponse:
    return _done(
        request, actor, user, lambda: membership_end(actor, user=user, branch_id=_branch(request), valid_to=today())
    )


@person.part("cover", "cover/", method="POST")
def cover(request: HttpRequest, actor: Actor, user: str) -> HttpResponse:
    def begin() -> None:
        since, until = _day(request, "from") or today(), _day(request, "until")
        if until is None:
            raise BadInput(Text("请填写代岗结束日。", "Say when the cover ends."))
        covers = request.POST.get("covers", "").strip()[:64]
        cover_begin(actor, user=user, covers=covers, valid_from=since, valid_to=until)

    return _done(request, actor, user, begin)


def _done(request: HttpRequest, actor: Actor, user: str, deed: Callable[[], Any]) -> HttpResponse:
    """Does it and comes back to the page, or says there what is wrong."""
    try:
        deed()
    except ZhikeError as fault:
        return show(request, actor, person, _values(actor, user), fault)
    return redirect("person", user)


def _values(actor: Actor, user: str) -> dict[str, Any]:
    found, opened = people.person_get(actor, user)
    day = today()
    return {
        "one": found,
        "opened": opened,
        "myself": found.user == actor.name,
        "branches": people.branches_today(actor),
        "since": day.isoformat(),
        "until": (day + timedelta(days=_COVER_DAYS)).isoformat(),
    }


def _branch(request: HttpRequest) -> int:
    number = whole_number(request.POST.get("branch", "").strip())
    if number is None:
        raise BadInput(Text("请选择机构。", "Choose a branch."))
    return number


def _day(request: HttpRequest, name: str) -> date | None:
    text = request.POST.get(name, "").strip()
    return typed_day(text, Text("日期须写成 2026-06-30。", "Write days as 2026-06-30.")) if text else None
