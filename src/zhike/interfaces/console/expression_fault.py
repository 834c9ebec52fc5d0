"""A faulty segment expression, shown where it is faulty."""

import re
from dataclasses import dataclass

from zhike.core.errors import BadInput
from zhike.core.text import Locale
from zhike.data.segment_language import ExpressionFault
from zhike.interfaces.console.texts import said

_AROUND = 24
_WORD = re.compile(r"\w+|\S|\s+")


@dataclass(frozen=True)
class FaultShown:
    """``before``, ``at`` and ``after`` are pieces of the expression around the fault; ``detail`` is what was said."""

    headline: str
    before: str
    at: str
    after: str
    detail: str


def expression_fault(expression: str, fault: BadInput, locale: Locale) -> FaultShown:
    """From the fault and the text that it is about; without a position the whole text is in question."""
    detail = fault.in_(locale)
    position = fault.position if isinstance(fault, ExpressionFault) else None
    if position is None:
        return FaultShown(said("customers.faulty"), "", "", "", detail)
    place = min(position - 1, len(expression))
    word = _WORD.match(expression, place)
    end = word.end() if word else place
    before = ("…" if place > _AROUND else "") + expression[max(place - _AROUND, 0) : place]
    after = expression[end : end + _AROUND] + ("…" if len(expression) > end + _AROUND else "")
    headline = said("customers.faulty_at", position=place + 1)
    return FaultShown(headline, before, expression[place:end] or "␣", after, detail)
