"""Who acts. Every action and query takes one; none is guessed."""

from dataclasses import dataclass
from typing import Literal

from zhike.core.errors import Forbidden
from zhike.core.text import Locale, Text

ActorKind = Literal["staff", "key", "job", "cardholder", "assistant"]


@dataclass(frozen=True)
class Actor:
    """Who acts, for whom, with which rights, why, and in which language."""

    kind: ActorKind
    name: str
    permissions: frozenset[str] = frozenset()
    on_behalf_of: str | None = None
    purpose: str | None = None
    locale: Locale = "zh"

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
