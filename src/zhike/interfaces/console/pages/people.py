"""People and rights: who may log in, with which role, where; and a new one."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from zhike.core.actor import Actor
from zhike.core.errors import ZhikeError
from zhike.core.text import Text
from zhike.interfaces.console.panel import panel
from zhike.interfaces.console.registry import Page, pages
from zhike.interfaces.console.showing import show
from zhike.operations.governance import actions
from zhike.operations.governance.people import people_list
from zhike.operations.governance.roles import ROLES


@pages.register(
    Page(
        name="people",
        path="people/",
        title=Text("人员与权限", "People and rights"),
        meaning=Text("谁可以登录，岗位与归属", "Who may log in, as what, and where"),
        icon="user-check",
        permission="manage_users",
        menu=75,
        texts={
            "list": Text("人员", "People"),
            "containing": Text("用户名包含", "User name contains"),
            "find": Text("查找", "Find"),
            "user": Text("用户名", "User name"),
            "role": Text("岗位", "Role"),
            "places": Text("机构", "Branches"),
            "covers": Text("代岗", "Stands in for"),
            "factor": Text("第二因素", "Second factor"),
            "state": Text("状态", "State"),
            "last_login": Text("最近登录", "Last log-in"),
            "bank_wide": Text("全行", "Whole bank"),
            "assigned_only": Text("仅分派客户", "Assigned customers only"),
            "nowhere": Text("未归属", "Nowhere yet"),
            "on": Text("已启用", "On"),
            "off": Text("未启用", "Off"),
            "active": Text("在用", "Active"),
            "locked": Text("已锁定", "Locked"),
            "disabled": Text("已停用", "Disabled"),
            "never": Text("从未", "Never"),
            "none": Text("没有这样的用户", "No such user"),
            "add": Text("新增用户", "Add a user"),
            "add.help": Text(
                "1 到 64 个英文字母、数字或 . _ - @。密码由系统生成，只显示一次。",
                "1 to 64 letters a to z, digits or . _ - @. The password is generated and shown once.",
            ),
            "language": Text("语言", "Language"),
            "language.zh": Text("中文", "Chinese"),
            "language.en": Text("英文", "English"),
            "choose": Text("请选择", "Choose"),
            "add.do": Text("新增", "Add"),
            "password": Text("{user} 的密码，只显示这一次：", "Password of {user}, shown this once:"),
            "keys": Text("j / k 移动，Enter 打开", "j / k to move, Enter to open"),
        },
    )
)
def people(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    return _values(actor, request.GET.get("containing", "").strip()[:64])


@people.part("add", "add/", method="POST")
def add(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Makes a user and shows the password, this once."""
    typed = {name: request.POST.get(name, "").strip()[:128] for name in ("user", "role", "language")}
    try:
        locale = "en" if typed["language"] == "en" else "zh"
        made = actions.user_create(actor, user=typed["user"], role_name=typed["role"], locale=locale)
    except ZhikeError as fault:
        return show(request, actor, people, {**_values(actor, ""), "typed": typed}, fault)
    return show(request, actor, people, {**_values(actor, ""), "password": made, "typed": {}, "made": typed["user"]})


def _values(actor: Actor, containing: str) -> dict[str, Any]:
    return {
        "containing": containing,
        "rows": panel(lambda: people_list(actor, containing)),
        "roles": [(role.name, role.title) for role in ROLES.values()],
    }
