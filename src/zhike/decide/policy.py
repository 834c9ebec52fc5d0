"""What a policy is: gates before the selling actions that it applies to, whatever they are worth."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeAlias, TypeVar

from zhike.core.text import Text
from zhike.decide.offer import AnyOffer, Gate, Ground

P = TypeVar("P")


@dataclass(frozen=True)
class Policy(Generic[P]):
    """Gates of stage ``policy`` and, as grounds, what the reader of a decision must know about how they were passed.

    ``about`` puts what a gate must know of the offer before it (its channels) into the parameters; ``applies`` says
    before which selling offers the policy stands at all.
    """

    name: str
    title: Text
    meaning: Text
    owner: str
    parameters: P
    gates: tuple[Gate[P], ...]
    grounds: tuple[Ground[P], ...] = ()
    about: Callable[[P, AnyOffer], P] = field(default=lambda parameters, _: parameters)
    applies: Callable[[AnyOffer], bool] = field(default=lambda _: True)

    def before(self, offer: AnyOffer) -> "Policy[P]":
        """The policy as it stands before one offer."""
        return replace(self, parameters=self.about(self.parameters, offer))


AnyPolicy: TypeAlias = Policy[Any]
