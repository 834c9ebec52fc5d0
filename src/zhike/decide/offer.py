"""What an offer type is: whom it is for, why, and what it is worth.

An offer passes three stages of gates (eligible: may have it at all; applicable: it means something now; suitable: it
does no harm), then the policies, then competes by value.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeAlias, TypeVar

import ibis
import ibis.expr.types as ir

from zhike.core.text import Text
from zhike.decide.arithmetic import share

P = TypeVar("P")
Stage = Literal["eligible", "applicable", "suitable", "policy"]


@dataclass(frozen=True)
class Rule:
    """Where a gate comes from. ``mark`` is A, B or C of DOMAIN.md; C is the bank's own setting."""

    id: str
    article: Text
    mark: Literal["A", "B", "C"]


@dataclass(frozen=True)
class Gate(Generic[P]):
    """A condition that must hold. ``{names}`` in the reason are columns of the view or parameters.

    Where the condition is unknown (null) the gate refuses with the code ``<code>_unknown``, or, with
    ``unknown="passes"``, lets through.
    """

    code: str
    stage: Stage
    passes: Callable[[ibis.Table, P], ir.BooleanValue]
    reason: Text
    unknown: Literal["refuses", "passes"] = "refuses"
    rule: Rule | None = None


@dataclass(frozen=True)
class Ground(Generic[P]):
    """Something that speaks for the offer, said when it wins; unknown counts as no."""

    code: str
    holds: Callable[[ibis.Table, P], ir.BooleanValue]
    text: Text


@dataclass(frozen=True)
class Economics:
    """What an offer is worth for each row, int64; the probability in basis points (0 … 10,000).

    value = response × (margin − incentive − expected loss) − channel
    """

    response_bp: ir.IntegerValue
    margin_cents: ir.IntegerValue
    incentive_cents: ir.IntegerValue
    loss_cents: ir.IntegerValue
    channel_cents: ir.IntegerValue

    @property
    def value_cents(self) -> ir.IntegerValue:
        return worth(self.response_bp, self.margin_cents, self.incentive_cents, self.loss_cents, self.channel_cents)


COMPONENTS = ("response_bp", "margin_cents", "incentive_cents", "loss_cents", "channel_cents")


def worth(
    response_bp: ir.IntegerValue,
    margin_cents: ir.IntegerValue,
    incentive_cents: ir.IntegerValue,
    loss_cents: ir.IntegerValue,
    channel_cents: ir.IntegerValue,
) -> ir.IntegerValue:
    """Cents; null when a component is unknown."""
    return share(margin_cents - incentive_cents - loss_cents, response_bp) - channel_cents


@dataclass(frozen=True)
class OfferType(Generic[P]):
    """One kind of action. ``parameters`` are its named assumptions (zhike.data.assumption); a ``selling`` action
    passes the policies, and goes out by one of ``channels``. A ``personal`` one is chosen by what the bank knows of
    the customer; one that is not says the same to everybody, and its gates look at no trait and no behaviour."""

    name: str
    title: Text
    meaning: Text
    owner: str
    parameters: P
    economics: Callable[[ibis.Table, P], Economics]
    gates: tuple[Gate[P], ...] = ()
    grounds: tuple[Ground[P], ...] = ()
    channels: tuple[str, ...] = ()
    selling: bool = True
    personal: bool = True
    shown: Callable[[P], dict[str, int | str]] = field(default=lambda _: {})

    @property
    def shown_values(self) -> dict[str, int | str]:
        """What is computed from the parameters to be shown, such as an annual rate."""
        return self.shown(self.parameters)

    def value_cents(self, view: ibis.Table) -> ir.IntegerValue:
        """What the offer is worth to each row, whether or not it may be made."""
        return self.economics(view, self.parameters).value_cents


AnyOffer: TypeAlias = OfferType[Any]
AnyGate: TypeAlias = Gate[Any]
AnyGround: TypeAlias = Ground[Any]
