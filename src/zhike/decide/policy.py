"""What a policy is: gates before every selling action, whatever it is worth."""

from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

from zhike.core.text import Text
from zhike.decide.offer import Gate, Ground

P = TypeVar("P")


@dataclass(frozen=True)
class Policy(Generic[P]):
    """Gates of stage ``policy`` and, as grounds, what the reader of a decision must know about how they were passed."""

    name: str
    title: Text
    meaning: Text
    owner: str
    parameters: P
    gates: tuple[Gate[P], ...]
    grounds: tuple[Ground[P], ...] = ()


AnyPolicy: TypeAlias = Policy[Any]
