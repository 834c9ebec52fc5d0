"""Standing in for a colleague who signs, manages users or takes data out."""

from dataclasses import dataclass
from datetime import date

from zhike.core.actor import Actor
from zhike.core.text import Text
from zhike.operations.approvals.effect import Count, Effect
from zhike.operations.approvals.kind import Approved, Kind, kinds
from zhike.operations.approvals.payload import asked
from zhike.operations.governance import belonging, role_changes


@dataclass(frozen=True)
class Cover:
    """Who stands in for whom, from a day to a day."""

    user: str = asked(Text("代岗人", "Who stands in"), most=64)
    covers: str = asked(Text("被代岗人", "Who is away"), most=64)
    valid_from: date = asked(Text("起始日", "First day"))  # noqa: RUF009  # gives a field
    valid_to: date = asked(Text("结束日（当日不含）", "Until, this day excluded"))  # noqa: RUF009  # gives a field


def _effect(actor: Actor, wanted: Cover) -> Effect:
    found = role_changes.cover_effect(actor, wanted.user, wanted.covers)
    counts = (
        Count("gained", Text("新增权限", "Rights gained"), len(found.gained)),
        Count("customers_before", Text("现在可见客户", "Customers visible now"), found.customers_before),
        Count("customers_after", Text("代岗期间可见客户", "Customers visible meanwhile"), found.customers_after),
    )
    lends = Text(
        f"{wanted.user} 自 {wanted.valid_from} 起代 {wanted.covers} 履职，至 {wanted.valid_to}（不含）自动结束。",
        f"{wanted.user} stands in for {wanted.covers} from {wanted.valid_from} until {wanted.valid_to}, then no more.",
    )
    sees = Text(
        "代岗期间新增 {gained} 项权限，可见客户由 {customers_before} 户变为 {customers_after} 户。",
        "Meanwhile they gain {gained} rights and see {customers_after} customers instead of {customers_before}.",
    )
    return Effect(counts, (lends, sees))


def _apply(actor: Actor, wanted: Cover, approved: Approved) -> None:
    belonging.cover_begin(
        actor, user=wanted.user, covers=wanted.covers, valid_from=wanted.valid_from, valid_to=wanted.valid_to
    )


COVER = kinds.register(
    Kind(
        name="cover",
        title=Text("代岗", "Cover"),
        meaning=Text(
            "代有审批、用户管理或导出权限的同事履职，到期自动结束",
            "Stands in for a colleague who signs, manages users or takes data out; it ends by itself",
        ),
        payload=Cover,
        ask="manage_users",
        sign="manage_users",
        effect=_effect,
        apply=_apply,
        concerns=lambda wanted: frozenset((wanted.user,)),
    )
)
