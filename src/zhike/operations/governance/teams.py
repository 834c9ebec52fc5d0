"""Customers given to one person or to a team, each from a day to a day; and who sees those only.

A user who is narrowed (`user_narrow`) sees what is assigned to them or to a team they are of, not the whole branch.
Who assigns must see the customer: nobody gives what is not theirs to give.
"""

from datetime import date
from typing import Any

from zhike.core.actor import Actor
from zhike.core.errors import BadInput, Conflict, NotFound
from zhike.core.text import Text
from zhike.operations.governance import effective
from zhike.operations.governance.acting import action, note
from zhike.operations.governance.belonging import require_another
from zhike.operations.governance.known_users import staff_named
from zhike.operations.governance.models import Assignment, Team, TeamMember
from zhike.operations.governance.roles import BANK_WIDE
from zhike.operations.governance.visibility import require_visible


@action(permission="manage_users", audit="team.make", about="team")
def team_make(actor: Actor, *, team: str) -> None:
    """Makes a team without members."""
    name = team.strip()
    if not 0 < len(name) <= 64:
        raise BadInput(Text("团队名称为 1 到 64 个字。", "A team's name has 1 to 64 letters."))
    if Team.objects.filter(name=name).exists():
        raise Conflict(Text(f"团队“{name}”已存在。", f"There is a team {name} already."))
    Team.objects.create(name=name)


@action(permission="manage_users", audit="team.join", about="user")
def team_join(actor: Actor, *, user: str, team: str, valid_from: date, valid_to: date | None = None) -> None:
    """The user is of the team from a day on. Nobody puts themselves into a team: it gives customers to see."""
    require_another(actor, user)
    effective.require_order(valid_from, valid_to)
    joined = TeamMember(
        team=_team(team), user=staff_named(user), valid_from=valid_from, valid_to=valid_to, made_by=actor.name
    )
    joined.save()
    note(team=team, **_days(valid_from, valid_to))


@action(permission="manage_users", audit="team.leave", about="user")
def team_leave(actor: Actor, *, user: str, team: str, valid_to: date) -> None:
    """The user is of the team no more from that day on; what was is kept."""
    _end(TeamMember.objects.filter(user=staff_named(user), team=_team(team)), valid_to)
    note(team=team, valid_to=valid_to.isoformat())


@action(permission="manage_users", audit="user.narrow", about="user")
def user_narrow(actor: Actor, *, user: str, assigned_only: bool) -> None:
    """Of their branches' customers the user sees only those assigned to them, or again all. Never oneself."""
    require_another(actor, user)
    found = staff_named(user)
    if assigned_only and found.role in BANK_WIDE:
        raise BadInput(
            Text("该岗位面向全行，不能只看分派的客户。", "This role works for the whole bank: it cannot be narrowed.")
        )
    found.assigned_only = assigned_only
    found.save(update_fields=["assigned_only"])
    note(assigned_only=assigned_only)


@action(permission="assign_customer", audit="customer.assign", about="customer")
def customer_assign(
    actor: Actor, *, customer_id: str, valid_from: date, user: str = "", team: str = "", valid_to: date | None = None
) -> None:
    """Gives a customer to one person or one team from a day on; raises NotFound for a customer not seen."""
    require_visible(actor, customer_id)
    effective.require_order(valid_from, valid_to)
    Assignment.objects.create(
        customer_id=customer_id.lower(),
        valid_from=valid_from,
        valid_to=valid_to,
        made_by=actor.name,
        **_whom(user, team),
    )
    note(user=user, team=team, **_days(valid_from, valid_to))


@action(permission="assign_customer", audit="customer.unassign", about="customer")
def customer_unassign(actor: Actor, *, customer_id: str, valid_to: date, user: str = "", team: str = "") -> None:
    """The customer is no more of that person or team from a day on; what was is kept."""
    require_visible(actor, customer_id)
    _end(Assignment.objects.filter(customer_id=customer_id.lower(), **_whom(user, team)), valid_to)
    note(user=user, team=team, valid_to=valid_to.isoformat())


def _whom(user: str, team: str) -> dict[str, Any]:
    if bool(user) == bool(team):
        raise BadInput(Text("请指定一名员工或一个团队。", "Name one user or one team."))
    return {"user": staff_named(user)} if user else {"team": _team(team)}


def _end(rows: Any, valid_to: date) -> None:
    still = rows.filter(effective.not_over(valid_to), valid_from__lt=valid_to)
    if not still.update(valid_to=valid_to):
        raise NotFound(Text(f"{valid_to} 之前没有这样的记录。", f"There is no such thing before {valid_to}."))


def _team(name: str) -> Team:
    found = Team.objects.filter(name=name).first()
    if found is None:
        raise NotFound(Text(f"没有团队“{name}”。", f"There is no team {name}."))
    return found


def _days(valid_from: date, valid_to: date | None) -> dict[str, str | None]:
    return {"valid_from": valid_from.isoformat(), "valid_to": valid_to.isoformat() if valid_to else None}


def assigned_on(actor: Actor, day: date) -> dict[str, str]:
    """Whom each customer that the actor sees was given to on a day: a person, else a team; of several the newest."""
    given = Assignment.visible_to(actor).filter(effective.on(day)).order_by("valid_from", "id")
    found = {
        row["customer_id"]: row["team__name"] for row in given.values("customer_id", "team__name") if row["team__name"]
    }
    people = given.filter(user__isnull=False).values("customer_id", "user__username")
    return found | {row["customer_id"]: row["user__username"] for row in people}
