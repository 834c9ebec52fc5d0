"""The registry of what needs a second person: one file of ``kinds/`` is one kind of request."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from zhike.core.actor import Actor
from zhike.core.registry import Registry
from zhike.core.text import Text
from zhike.operations.approvals.effect import Effect
from zhike.operations.governance.roles import PERMISSIONS

_LONGEST_DAYS = 92


@dataclass(frozen=True)
class Approved:
    """By whom a request was asked for and signed: handed to what is done in its name."""

    request_id: int
    maker: str
    signers: tuple[str, ...]
    reason: str


def _nobody(_payload: Any) -> frozenset[str]:
    return frozenset()


@dataclass(frozen=True)
class Kind:
    """One kind of thing that one person asks for and another signs.

    ``ask`` and ``sign`` are permissions; what is applied runs as the last signer, so ``sign`` is the permission of the
    owning app's action. ``effect`` tells what it will do, ``apply`` does it in the transaction of the last signature.
    A figure of the effect that moved by more than the share ``tolerance`` must be confirmed by the signer.
    ``concerns`` names the people who may neither ask for nor sign this very request: it is about them. Where somebody
    may not even know of it, ``seen`` says no. ``product`` names the files that an applied request left for its maker.
    """

    name: str
    title: Text
    meaning: Text
    payload: type[Any]
    ask: str
    sign: str
    effect: Callable[[Actor, Any], Effect]
    apply: Callable[[Actor, Any, Approved], None]
    signatures: Literal[1, 2] = 1
    expiry_days: int = 7
    tolerance: float = 0.05
    concerns: Callable[[Any], frozenset[str]] = _nobody
    seen: Callable[[Actor, Any], bool] | None = None
    product: Callable[[int], tuple[Path, ...]] | None = None

    def __post_init__(self) -> None:
        unknown = {self.ask, self.sign} - PERMISSIONS.keys()
        if unknown:
            raise ValueError(f"kind {self.name}: unknown permissions {sorted(unknown)}")
        if not 1 <= self.expiry_days <= _LONGEST_DAYS or not 0 <= self.tolerance < 1 or self.signatures not in (1, 2):
            raise ValueError(f"kind {self.name}: 1 or 2 signatures, 1 to {_LONGEST_DAYS} days, a tolerance below 1")


kinds: Registry[Kind] = Registry("approvals", "zhike.operations.approvals.kinds", noun="kind of request")
