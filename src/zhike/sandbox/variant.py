"""Other worlds: a parameter file changes how people answer, adds a segment, changes prices or crime, also on a day.

A policy can so be graded on a world that it has not seen. What a file does not name stays as it is; what is not known
is refused with the names that are, a value that cannot be with its allowed range. Two examples stand beside this file.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from zhike.core.errors import BadInput
from zhike.sandbox import calendar
from zhike.sandbox.actions import CHANNELS, OFFERS
from zhike.sandbox.crime_rates import USUAL as USUAL_CRIME
from zhike.sandbox.crime_rates import CrimeRates
from zhike.sandbox.curves import MOST_LOGIT, ResponseCurves, Segment
from zhike.sandbox.curves import USUAL as USUAL_CURVES
from zhike.sandbox.parameters import Parameters
from zhike.sandbox.prices import ORDINARY, Prices

EXAMPLES = Path(__file__).parent / "variants"
Table = Mapping[str, Any]
T = TypeVar("T")

_PARTS = ("response", "segment", "prices", "crime", "change")
_CHANGING = ("response", "segment", "prices")
# Rates and shares lie within these; amounts in fen; logits within MOST_LOGIT (curves.py).
_RANGES = {
    "interest_a_day": (0.0, 0.001), "annual_fees": (0.0, 10.0), "annual_fee_waived": (0.0, 1.0),
    "late_fee_share": (0.0, 0.2), "least_late_fee": (0, 10_000), "cash_fee_share": (0.0, 0.05),
    "least_cash_fee": (0, 10_000), "reach": (0.0, 1.0), "reach_digital": (-1.0, 1.0), "cost": (0, 10_000),
    "push": (0.0, 5.0), "usual": (0, 50_000),
}  # fmt: skip
_DEAREST_MONTH = 0.02  # of the booked principal, for instalments


@dataclass(frozen=True)
class Variant:
    """What a file asks for; `of` makes it the parameters of a bank."""

    curves: ResponseCurves = USUAL_CURVES
    prices: Prices = ORDINARY
    crime: CrimeRates = USUAL_CRIME
    later_prices: tuple[tuple[int, Prices], ...] = ()

    def of(self, parameters: Parameters) -> Parameters:
        """The same bank in this world."""
        return replace(
            parameters, curves=self.curves, prices=self.prices, crime=self.crime, later_prices=self.later_prices
        )


def read(path: Path) -> Variant:
    """The variant of a TOML file; raises BadInput that says what is wrong and what is allowed."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as fault:
        raise BadInput(f"The variant {path} cannot be read ({fault.strerror}).") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise BadInput(f"The variant {path} is no TOML: {fault}.") from None
    return parsed(content)


def parsed(content: Table) -> Variant:
    """The variant of a parsed file."""
    _known("the variant", content, ("title", *_PARTS))
    curves = _curves("response", USUAL_CURVES, content)
    prices = _prices("prices", ORDINARY, content)
    crime = _changed("crime", USUAL_CRIME, _table(content, "crime"), numbers=float)
    later_curves, later_prices = [], []
    for place, change in enumerate(_list(content, "change")):
        where = f"change {place + 1}"
        day = _day(where, change)
        if "response" in change or "segment" in change:
            later_curves.append((day, _later_curves(where, curves, change)))
        if "prices" in change:
            later_prices.append((day, _prices(f"{where}: prices", prices, change)))
    whole = replace(_with_sleeping(curves, [each for _, each in later_curves]), later=tuple(later_curves))
    return Variant(whole, prices, crime, tuple(sorted(later_prices, key=lambda change: change[0])))


def _day(where: str, change: Table) -> int:
    _known(where, change, ("day", *_CHANGING))
    if not isinstance(change.get("day"), date):
        raise BadInput(f"{where} needs its day, written as 2026-08-01.")
    return calendar.number(change["day"])


def _curves(where: str, base: ResponseCurves, content: Table) -> ResponseCurves:
    """Scalars, then offers and channels by name, then segments behind those that stand."""
    given = dict(_table(content, "response"))
    offers, channels = given.pop("offers", {}), given.pop("channels", {})
    scalars = [each.name for each in fields(base) if isinstance(getattr(base, each.name), float)]
    _known(where, given, (*scalars, "offers", "channels"))
    segments = tuple(_segment(part) for part in _list(content, "segment"))
    changed = _changed(where, base, given, numbers=float)
    return replace(
        changed, offers=_named(f"{where}.offers", OFFERS, base.offers, offers),
        channels=_named(f"{where}.channels", CHANNELS, base.channels, channels), segments=base.segments + segments,
    )  # fmt: skip


def _later_curves(where: str, base: ResponseCurves, change: Table) -> ResponseCurves:
    return _curves(f"{where}: response", base, change)


def _with_sleeping(curves: ResponseCurves, later: list[ResponseCurves]) -> ResponseCurves:
    """A segment that wakes up later stands in the first curves at the same place, without shifts."""
    segments = list(curves.segments)
    for each in later:
        segments += [replace(segment, shifts=()) for segment in each.segments[len(segments) :]]
    return replace(curves, segments=tuple(segments))


def _segment(part: Table) -> Segment:
    _known("segment", part, ("name", "share", "group", "shifts"))
    shifts = tuple((name, _number(f"segment: {name}", value)) for name, value in _table(part, "shifts").items())
    share = _number("segment: share", part.get("share", 0.0))
    return Segment(str(part.get("name", "segment")), share, shifts, str(part.get("group", "")))


def _prices(where: str, base: Prices, content: Table) -> Prices:
    given = dict(_table(content, "prices"))
    plans = {name: given.pop(name) for name in ("bill_instalment", "purchase_instalment", "cash_instalment")
             if name in given}  # fmt: skip
    scalars = [each.name for each in fields(base) if isinstance(getattr(base, each.name), int | float)]
    _known(where, given, (*scalars, "bill_instalment", "purchase_instalment", "cash_instalment"))
    terms = {name: _terms(f"{where}.{name}", getattr(base, name), table) for name, table in plans.items()}
    return replace(_changed(where, base, given, numbers=float), **terms)


def _terms(where: str, base: tuple[tuple[int, float], ...], given: Any) -> tuple[tuple[int, float], ...]:
    """The monthly interest of terms that are sold, by months: ``12 = 0.006``."""
    rates = {str(months): rate for months, rate in base}
    _known(where, _mapping(where, given), tuple(rates))
    for months, rate in given.items():
        rates[months] = _within(f"{where}.{months}", _number(f"{where}.{months}", rate), 0.0, _DEAREST_MONTH)
    return tuple((int(months), rate) for months, rate in rates.items())


def _named(where: str, names: tuple[str, ...], base: tuple[T, ...], given: Any) -> tuple[T, ...]:
    """The dataclasses of ``base``, which stand in the order of ``names``, changed where they are named."""
    _known(where, _mapping(where, given), names)
    return tuple(
        _changed(f"{where}.{name}", each, _mapping(f"{where}.{name}", given[name]), numbers=float)
        if name in given else each
        for name, each in zip(names, base, strict=True)
    )  # fmt: skip


def _changed(where: str, base: T, given: Table, numbers: type[float]) -> T:
    """The dataclass with the numbers given; a whole number where it holds one."""
    known = [each.name for each in fields(base)]  # type: ignore[arg-type]
    _known(where, given, tuple(known))
    values: dict[str, Any] = {}
    for name, value in given.items():
        number = numbers(_number(f"{where}.{name}", value))
        number = _within(f"{where}.{name}", number, *_RANGES.get(name, (-float("inf"), float("inf"))))
        if name not in _RANGES and isinstance(base, type(USUAL_CURVES.offers[0]) | type(USUAL_CURVES.channels[0])):
            number = _within(f"{where}.{name}", number, -MOST_LOGIT, MOST_LOGIT)
        values[name] = round(number) if type(getattr(base, name)) is int else number
    return replace(base, **values)  # type: ignore[type-var]


def _known(where: str, given: Table, names: tuple[str, ...]) -> None:
    for name in given:
        if name not in names:
            raise BadInput(f"{where} knows no {name!r}: give one of {', '.join(names)}.")


def _table(content: Table, name: str) -> Table:
    return _mapping(name, content.get(name, {}))


def _mapping(where: str, value: Any) -> Table:
    if not isinstance(value, dict):
        raise BadInput(f"{where} is no table: write [{where}] and its lines below.")
    return value


def _list(content: Table, name: str) -> list[Table]:
    found = content.get(name, [])
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise BadInput(f"{name} stands in tables of its own: write [[{name}]].")
    return found


def _number(where: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadInput(f"{where} = {value!r} is no number.")
    return float(value)


def _within(where: str, value: float, low: float, high: float) -> float:
    if not low <= value <= high:
        raise BadInput(f"{where} = {value:g} is not possible: give a number from {low:g} to {high:g}.")
    return value
