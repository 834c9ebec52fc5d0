"""Who acts. Every action and query takes one; none is guessed."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from zhike.core.errors import Forbidden, Invariant
from zhike.core.text import Locale, Text

ActorKind = Literal["staff", "key", "job", "cardholder", "assistant"]


@dataclass(frozen=True)
class Scope:
    """Whose rows an actor sees: everybody's (``bank``), those of some branches, those assigned to somebody or to a team
    of theirs, or one party's own; nobody's at first.

    ``branches`` holds every branch itself: the tree below each was already followed. ``assigned`` names users; what is
    assigned to them on the day ``on`` the database looks up, however many customers that are.
    """

    bank: bool = False
    branches: frozenset[int] = frozenset()
    party: str | None = None
    assigned: frozenset[str] = frozenset()
    on: date | None = None

    def __str__(self) -> str:
        """As the database session is told: ``bank``, ``party:<id>``, ``branches:3,7``,
        ``assigned:2026-06-30:lin,wu`` or ``assigned:2026-06-30:lin;branches:3,7``."""
        if self.bank:
            return "bank"
        if self.party is not None:
            return f"party:{self.party}"
        branches = "branches:" + ",".join(map(str, sorted(self.branches)))
        if not self.assigned:
            return branches
        return f"assigned:{self.on}:{','.join(sorted(self.assigned))}" + (f";{branches}" if self.branches else "")

    def __or__(self, other: "Scope") -> "Scope":
        """Everybody whom either sees; of no use for a party's own scope, which is never widened."""
        if self.party is not None or other.party is not None:
            raise Invariant("The scope of a party is theirs alone: it is neither lent nor widened.")
        if self.bank or other.bank:
            return WHOLE_BANK
        return Scope(
            branches=self.branches | other.branches, assigned=self.assigned | other.assigned, on=self.on or other.on
        )


WHOLE_BANK = Scope(bank=True)
NOBODY = Scope()


@dataclass(frozen=True)
class Actor:
    """Who acts, for whom, with which rights, on whose rows, why, and in which language."""

    kind: ActorKind
    name: str
    permissions: frozenset[str] = frozenset()
    on_behalf_of: str | None = None
    purpose: str | None = None
    locale: Locale = "zh"
    roles: frozenset[str] = field(default_factory=frozenset)
    scope: Scope = NOBODY

    @property
    def person(self) -> str:
        """Whom rules about people look at: an API key or the assistant is whoever it acts for."""
        return self.name if self.kind in ("staff", "job") else self.on_behalf_of or self.name

    def may(self, permission: str) -> bool:
        return permission in self.permissions

    def require(self, permission: str) -> None:
        """Raises Forbidden unless the actor holds the permission."""
        if not self.may(permission):
            raise Forbidden(
                Text(
                    f"{self.name} 没有“{permission}”权限：请向管理员申请。",
                    f"{self.name} may not {permission.replace('_', ' ')}: ask an administrator for this right.",
                )
            )
