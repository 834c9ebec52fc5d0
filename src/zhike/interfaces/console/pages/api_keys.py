"""API keys: which programs act for whom, with which rights, until when."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from zhike.core.actor import Actor
from zhike.core.errors import BadInput, ZhikeError
from zhike.core.text import Text
from zhike.interfaces.console.panel import panel
from zhike.interfaces.console.registry import Page, pages
from zhike.interfaces.console.showing import show
from zhike.interfaces.input import typed_day
from zhike.operations.governance import api_keys as keys
from zhike.operations.governance.belonging import today
from zhike.operations.governance.roles import PERMISSIONS

_USUAL_DAYS = 90


@pages.register(
    Page(
        name="api_keys",
        path="api-keys/",
        title=Text("接口密钥", "API keys"),
        meaning=Text("程序以谁的名义、凭什么权限调用接口", "Which programs act for whom, with which rights"),
        icon="key-round",
        permission="manage_keys",
        menu=78,
        texts={
            "list": Text("密钥", "Keys"),
            "key": Text("编号", "Key"),
            "title": Text("用途", "For what"),
            "owner": Text("所有者", "Owner"),
            "rights": Text("权限", "Rights"),
            "until": Text("有效至", "Until"),
            "used": Text("最近使用", "Last used"),
            "never": Text("从未", "Never"),
            "state": Text("状态", "State"),
            "state.valid": Text("有效", "Valid"),
            "state.expired": Text("已过期", "Expired"),
            "state.revoked": Text("已作废", "Revoked"),
            "revoke": Text("作废", "Revoke"),
            "none": Text("还没有密钥", "No keys yet"),
            "make": Text("新建密钥", "Make a key"),
            "make.do": Text("新建", "Make"),
            "last_day": Text("最后一天", "Last day"),
            "help": Text(
                "密钥只显示一次。它不会超出所有者当日的权限与可见客户；最长一年。",
                "Shown once. A key never does more than its owner may that day, on the rows they see; a year at most.",
            ),
            "shown": Text("新密钥，只显示这一次：", "The new key, shown this once:"),
        },
    )
)
def api_keys(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    return _values(actor)


@api_keys.part("make", "make/", method="POST")
def make(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Makes a key and shows it, this once."""
    typed = {name: request.POST.get(name, "").strip()[:64] for name in ("owner", "title", "last_day")}
    rights = request.POST.getlist("right")[: len(PERMISSIONS)]
    try:
        last_day = typed_day(typed["last_day"], Text("请填写最后一天。", "Give the last day of the key."))
        made = keys.key_make(actor, owner=typed["owner"], title=typed["title"], permissions=rights, last_day=last_day)
    except ZhikeError as fault:
        return show(request, actor, api_keys, {**_values(actor), "typed": typed, "chosen": rights}, fault)
    return show(request, actor, api_keys, {**_values(actor), "made": made})


@api_keys.part("revoke", "revoke/", method="POST")
def revoke(request: HttpRequest, actor: Actor) -> HttpResponse:
    chosen = request.POST.get("key", "")[:16]
    if not chosen:
        raise BadInput(Text("请选择要作废的密钥。", "Choose the key to revoke."))
    keys.key_revoke(actor, key_id=chosen)
    return redirect("api_keys")


def _values(actor: Actor) -> dict[str, Any]:
    return {
        "rows": panel(lambda: keys.keys_list(actor)),
        "rights": [(name, title) for name, title in PERMISSIONS.items() if name not in keys.FOR_PEOPLE_ONLY],
        "typed": {"last_day": (today() + timedelta(days=_USUAL_DAYS)).isoformat()},
        "chosen": [],
    }
