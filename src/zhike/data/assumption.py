"""Named assumptions: the numbers a declaration rests on, each with title, unit and owner, printed wherever it is used.

A declaration keeps them in one frozen dataclass, so that its expressions read them by attribute::

    @dataclass(frozen=True)
    class Thresholds:
        slipping_days: int = assumption(90, "days", Text("流失预警天数", "Silence until slipping"), owner="product")
"""

import dataclasses
from dataclasses import dataclass
from typing import Any

from zhike.core.text import Text


@dataclass(frozen=True)
class Assumption:
    """One number or setting. ``unit`` is cents, days, months, count, bp (basis points, 1/10,000), choice.

    ``origin`` says where the number comes from: a rule, a published figure, the convention of the trade.
    """

    name: str
    title: Text
    unit: str
    owner: str
    value: int | str
    origin: str = ""


def assumption(value: Any, unit: str, title: Text, *, owner: str, origin: str = "") -> Any:
    """A dataclass field with its default and what must be said about it."""
    stated = {"title": title, "unit": unit, "owner": owner, "origin": origin}
    return dataclasses.field(default=value, metadata=stated)


def assumptions(held: Any) -> tuple[Assumption, ...]:
    """What a dataclass of assumptions holds, in order; raises ValueError where one lacks its title."""
    found = []
    for field in dataclasses.fields(held):
        stated = field.metadata
        if not isinstance(stated.get("title"), Text):
            raise ValueError(
                f"{type(held).__name__}.{field.name}: declare it by assumption(value, unit, title, owner=…)"
            )
        value = getattr(held, field.name)
        told = stated["title"], stated["unit"], stated["owner"], value, stated["origin"]
        found.append(Assumption(field.name, *told))
    return tuple(found)


@dataclass(frozen=True)
class NoAssumptions:
    """Of a declaration that rests on none."""


NO_ASSUMPTIONS = NoAssumptions()
