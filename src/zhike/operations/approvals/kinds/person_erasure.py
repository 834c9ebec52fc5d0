"""Making a person unreadable for good."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from zhike.core.actor import Actor
from zhike.core.errors import BadInput, Conflict
from zhike.core.text import Text
from zhike.operations.approvals.effect import Count, Effect
from zhike.operations.approvals.kind import Approved, Kind, kinds
from zhike.operations.approvals.payload import asked
from zhike.operations.governance import erasing

_GROUNDS: Mapping[str, Text] = {
    "asked": Text("客户本人要求删除", "The customer asks for it"),
    "retention": Text("保存期限已满", "The time of keeping is over"),
    "order": Text("法院或监管要求", "A court or the regulator orders it"),
}


@dataclass(frozen=True)
class PersonErasure:
    """Whom, by the id that says nothing of them, and on what ground."""

    customer: str = asked(
        Text("客户编号", "Customer id"), most=36,
        hint=Text("见客户页，形如 01970000-0000-7000-8000-…", "From the customer's page: 01970000-0000-7000-8000-…"),
    )  # fmt: skip
    ground: str = asked(Text("依据", "Ground"), choices=lambda: _GROUNDS)


def _id(wanted: PersonErasure) -> str:
    try:
        return str(UUID(wanted.customer))
    except ValueError:
        raise BadInput(
            Text("客户编号格式不正确。", "That is no customer id: copy it from the customer's page.")
        ) from None


def _effect(actor: Actor, wanted: PersonErasure) -> Effect:
    found = erasing.erasure_effect(actor, _id(wanted))
    if found.before:
        raise Conflict(Text("此人的信息此前已销毁。", "This person was erased before."))
    counts = (
        Count("fields", Text("身份字段", "Identity fields"), found.fields),
        Count("tokens", Text("检索标记", "Search tokens"), found.tokens),
        Count("branches", Text("开户机构", "Branches that keep an account"), found.branches),
    )
    destroyed = Text(
        "将永久销毁 {fields} 项身份信息和 {tokens} 个检索标记，无法恢复；交易等事实保留，但不再指向任何人。",
        "Destroys {fields} identity fields and {tokens} search tokens for good. The facts stay, without a person.",
    )
    written = Text(
        "其投诉文字与附件一并销毁（处于法律保全的附件除外），登录账号停用。",
        "The texts of their complaints and their files go too, but those under legal hold; their log-in is closed.",
    )
    kept = Text("开有此人账户的机构：{branches} 家。", "Branches that keep an account of this person: {branches}.")
    return Effect(counts, (destroyed, written, kept))


def _apply(actor: Actor, wanted: PersonErasure, approved: Approved) -> None:
    purpose = f"approval {approved.request_id}: {wanted.ground}"
    erasing.person_erase(actor, customer_id=_id(wanted), purpose=purpose)


PERSON_ERASURE = kinds.register(
    Kind(
        name="person_erasure",
        title=Text("销毁个人信息", "Erasure of a person"),
        meaning=Text(
            "销毁一位客户的个人密钥与身份信息；无法撤销，须两人审批",
            "Destroys a customer's key and identity; it cannot be undone, so two people sign",
        ),
        payload=PersonErasure,
        ask="erase_person",
        sign="erase_person",
        effect=_effect,
        apply=_apply,
        signatures=2,
        expiry_days=14,
        tolerance=0,
    )
)
