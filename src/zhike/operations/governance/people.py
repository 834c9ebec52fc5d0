"""Who may log in, as an administrator sees them: role, place, cover, second factor, lock, last log-in."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from zhike.core.actor import Actor
from zhike.core.text import Text
from zhike.operations.governance import effective
from zhike.operations.governance.acting import query
from zhike.operations.governance.attempts import locked_users
from zhike.operations.governance.belonging import today
from zhike.operations.governance.factor import users_with_factor
from zhike.operations.governance.known_users import user_named
from zhike.operations.governance.models import Branch, Membership, TeamMember, User
from zhike.operations.governance.roles import BANK_WIDE, CARDHOLDER, ROLES
from zhike.operations.governance.sessions import Session, sessions_of

_CARDHOLDER = Text("持卡人", "Cardholder")


@dataclass(frozen=True)
class Place:
    """A branch that a user belongs to, or a colleague they stand in for, from a day to a day."""

    branch_id: int | None
    title: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class Person:
    """One user. ``places`` and ``covers`` hold today or begin later."""

    user: str
    role: str
    role_title: Text
    is_active: bool
    is_bank_wide: bool
    assigned_only: bool
    has_factor: bool
    locked: bool
    last_login: datetime | None
    places: tuple[Place, ...]
    covers: tuple[Place, ...]
    teams: tuple[str, ...]

    @property
    def is_cardholder(self) -> bool:
        return self.role == CARDHOLDER


@dataclass(frozen=True)
class BranchName:
    """A branch of today."""

    branch_id: int
    name: str


@query(permission="manage_users")
def people_list(actor: Actor, containing: str = "", most: int = 200) -> list[Person]:
    """Users in order of their names, those who contain a text; at most so many."""
    return _people(actor, list(User.objects.filter(username__icontains=containing).order_by("username")[:most]))


@query(permission="manage_users")
def person_get(actor: Actor, user: str) -> tuple[Person, list[Session]]:
    """One user with their open sessions; raises NotFound."""
    (found,) = _people(actor, [user_named(user)])
    return found, sessions_of(actor, user)


@query(permission="manage_users")
def branches_today(actor: Actor) -> list[BranchName]:
    """The branches that stand today, in order of their numbers."""
    rows = _standing_branches().order_by("branch_id")
    return [BranchName(row.branch_id, row.name) for row in rows]


def _people(actor: Actor, users: list[User]) -> list[Person]:
    names = {user.username for user in users}
    locked, secured = locked_users(actor, names), users_with_factor(actor)
    places, covers = _places(users)
    teams: dict[int, list[str]] = defaultdict(list)
    for member in (
        TeamMember.objects.filter(effective.not_over(today()), user__in=users)
        .select_related("team")
        .order_by("team__name")
    ):
        teams[member.user_id].append(member.team.name)
    return [
        Person(
            user=one.username,
            role=one.role,
            role_title=ROLES[one.role].title if one.role in ROLES else _CARDHOLDER,
            is_active=one.is_active,
            is_bank_wide=one.role in BANK_WIDE,
            assigned_only=one.assigned_only,
            has_factor=one.username in secured,
            locked=one.username in locked,
            last_login=one.last_login,
            places=tuple(places[one.pk]),
            covers=tuple(covers[one.pk]),
            teams=tuple(teams[one.pk]),
        )
        for one in users
    ]


def _places(users: list[User]) -> tuple[dict[int, list[Place]], dict[int, list[Place]]]:
    names = {row.branch_id: row.name for row in _standing_branches()}
    places: dict[int, list[Place]] = defaultdict(list)
    covers: dict[int, list[Place]] = defaultdict(list)
    rows = Membership.objects.filter(effective.not_over(today()), user__in=users).select_related("covers")
    for row in rows.order_by("valid_from", "id"):
        if row.covers is not None:
            covers[row.user_id].append(Place(None, row.covers.username, row.valid_from, row.valid_to))
        else:
            title = names.get(row.branch_id) or str(row.branch_id)
            places[row.user_id].append(Place(row.branch_id, title, row.valid_from, row.valid_to))
    return places, covers


def _standing_branches():  # noqa: ANN202  # Django's query set has no useful type
    return Branch.objects.filter(effective.on(today()))
