"""Values in words: money, rates, days and labels as a reader of either language expects them."""

import re
from collections.abc import Mapping
from functools import cache
from typing import TypeAlias

from zhike.core.errors import BadInput
from zhike.core.money import exponent, major_units, sign
from zhike.core.text import Locale, Text
from zhike.data.assumption import assumptions
from zhike.data.features import features
from zhike.data.segments import classifications
from zhike.decide.offers import offers
from zhike.decide.policies import policies

Param: TypeAlias = int | float | str | bool | None

_PLACE = re.compile(r"\{(\w+)\}")
_WORDS: dict[object, Text] = {
    None: Text("未知", "unknown"),
    True: Text("是", "yes"),
    False: Text("否", "no"),
}
_CODES = {
    ("unknown", "refuse"): Text("不得营销", "refused"),
    ("unknown", "allow"): Text("可以营销", "given"),
    ("setting", "delivered"): Text("以交付为准", "delivered"),
    ("setting", "assumed_refused"): Text("视为拒绝", "assumed_refused"),
    ("setting", "assumed_given_for_research_data"): Text("研究数据视为同意", "assumed_given_for_research_data"),
    ("setting", "recorded"): Text("以登记为准", "recorded"),
    ("setting", "default"): Text("默认", "default"),
    ("sources", "all"): Text("全部", "all"),
}


def places(text: Text) -> set[str]:
    """The names in braces, in either language."""
    return set(_PLACE.findall(text.zh)) | set(_PLACE.findall(text.en))


def filled(text: Text, params: Mapping[str, Param], currency: str, locale: Locale) -> str:
    """The text with its places filled; values come out as data, never as text with places of its own."""
    return _PLACE.sub(lambda place: shown(place[1], params[place[1]], currency, locale), text.in_(locale))


def shown(name: str, value: Param, currency: str, locale: Locale) -> str:
    """One value. Its unit is that of the feature or assumption of that name, else what the name ends in."""
    if value is None or isinstance(value, bool):
        return _WORDS[value].in_(locale)
    if isinstance(value, str):
        return _label(name, value, locale)
    unit = _units().get(name) or name.rsplit("_", 1)[-1]
    if unit == "cents":
        return money(int(value), currency)
    if unit in ("bp", "ratio"):
        return f"{value / 100 if unit == 'bp' else value * 100:.2f}%"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.2f}"


def money(cents: int, currency: str) -> str:
    """``123456, "CNY"`` -> ``¥1,234.56``, in both languages."""
    try:
        amount = f"{abs(major_units(cents, currency)):,.{exponent(currency)}f}"
    except BadInput:
        return f"{cents:,} {currency}"
    return f"{'-' if cents < 0 else ''}{sign(currency)}{amount}"


def title_of(column: str, locale: Locale) -> str:
    """The title of a column of the view, or its name."""
    entry = features.all().get(column)
    return (
        entry.title.in_(locale)
        if entry
        else next((each.title.in_(locale) for each in classifications() if each.name == column), column)
    )


def _label(name: str, value: str, locale: Locale) -> str:
    text = _labels().get((name, value))
    return text.in_(locale) if text else value


@cache
def _labels() -> dict[tuple[str, str], Text]:
    """Codes with titles: labels of classifications, offers, settings of consent."""
    found = {(each.name, label.name): label.title for each in classifications() for label in each.labels}
    return found | _CODES | {("winner", offer.name): offer.title for offer in offers}


@cache
def _units() -> dict[str, str]:
    units = {feature.name: feature.unit for feature in features if feature.unit}
    for declared in (*offers, *policies):
        units |= {each.name: each.unit for each in assumptions(declared.parameters)}
    return units
