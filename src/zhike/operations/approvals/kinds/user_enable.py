"""Letting a disabled colleague in again who signs, manages users or takes data out."""

from dataclasses import dataclass

from zhike.core.actor import Actor
from zhike.core.errors import BadInput
from zhike.core.text import Text
from zhike.operations.approvals.effect import Count, Effect
from zhike.operations.approvals.kind import Approved, Kind, kinds
from zhike.operations.approvals.payload import asked
from zhike.operations.governance import actions, people
from zhike.operations.governance.roles import ROLES


@dataclass(frozen=True)
class UserEnable:
    """Whom."""

    user: str = asked(Text("用户", "User"), most=64)


def _effect(actor: Actor, wanted: UserEnable) -> Effect:
    found, _sessions = people.person_get(actor, wanted.user)
    if found.is_active or found.is_cardholder:
        raise BadInput(Text(f"{wanted.user} 不是已停用的员工。", f"{wanted.user} is no disabled member of staff."))
    counts = (Count("rights", Text("恢复的权限", "Rights again"), len(ROLES[found.role].permissions)),)
    back = Text(
        f"{wanted.user} 可重新登录，岗位为“{found.role_title.zh}”，恢复 {{rights}} 项权限；其接口密钥同时恢复有效。",
        f"{wanted.user} may log in again as {found.role_title.en}, with {{rights}} rights; their API keys hold again.",
    )
    return Effect(counts, (back,))


def _apply(actor: Actor, wanted: UserEnable, approved: Approved) -> None:
    actions.user_enable(actor, user=wanted.user)


USER_ENABLE = kinds.register(
    Kind(
        name="user_enable",
        title=Text("启用账号", "Enabling of a user"),
        meaning=Text(
            "重新启用有审批、用户管理或导出权限的账号",
            "Lets a disabled colleague in again who signs, manages users or takes data out",
        ),
        payload=UserEnable,
        ask="manage_users",
        sign="manage_users",
        effect=_effect,
        apply=_apply,
        concerns=lambda wanted: frozenset((wanted.user,)),
    )
)
