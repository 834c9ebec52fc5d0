"""Figures as people read them. The only file that knows how an amount, a share or a day is written.

NULL is written —, never 0. Amounts shorten to 万 and 亿 in Chinese, K, M and B in English; a figure keeps its
number apart from its sign, symbol and unit, so that units can be set light and small.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, Literal
from zoneinfo import ZoneInfo

from zhike.core.money import major_units
from zhike.core.money import sign as symbol
from zhike.core.settings import settings
from zhike.core.text import Locale, Text

NONE = "—"
MINUS = "−"
_STEPS: dict[Locale, tuple[tuple[int, str], ...]] = {
    "zh": ((10_000, "万"), (100_000_000, "亿")),
    "en": ((1_000, "K"), (1_000_000, "M"), (1_000_000_000, "B")),
}
_UNITS = {
    "days": Text("天", "days"),
    "months": Text("个月", "months"),
    "years": Text("岁", "years"),
    "cards": Text("张", "cards"),
    "customers": Text("户", "customers"),
    "points": Text("分", "points"),
    "score": Text("分", "points"),
}
_AGES: tuple[tuple[int, dict[Locale, str]], ...] = (
    (1, {"zh": "秒", "en": "sec"}),
    (60, {"zh": "分钟", "en": "min"}),
    (3_600, {"zh": "小时", "en": "hr"}),
    (86_400, {"zh": "天", "en": "days"}),
)
_YES_NO = {True: Text("是", "Yes"), False: Text("否", "No")}
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")  # not strftime: it follows the server's locale
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SHORT_FROM = 10_000


@dataclass(frozen=True)
class Figure:
    """A number ready to be shown: ``sign`` + ``symbol`` + ``number`` + ``unit``, as in −¥ 1.23 万."""

    number: str
    unit: str = ""
    symbol: str = ""
    sign: str = ""

    def __str__(self) -> str:
        gap = " " if self.unit and self.unit[0].isascii() and len(self.unit) > 1 else ""
        return f"{self.sign}{self.symbol}{self.number}{gap}{self.unit}"


@dataclass(frozen=True)
class Change:
    """A change against an earlier figure; the sign is in the text, the arrow follows the direction."""

    direction: Literal["up", "down", "flat"]
    text: str


def money(cents: int | None, currency: str | None, locale: Locale) -> Figure:
    """Minor units, shortened: 1234567 fen -> ¥1.23万 / ¥12.3K."""
    if cents is None or currency is None:
        return Figure(NONE)
    amount = major_units(abs(cents), currency)
    number, unit = _shortened(amount, locale)
    return Figure(number, unit, symbol(currency), MINUS if cents < 0 else "")


def money_exact(cents: int | None, currency: str | None) -> Figure:
    """Minor units, to the last one: 1234567 fen -> ¥12,345.67."""
    if cents is None or currency is None:
        return Figure(NONE)
    amount = major_units(abs(cents), currency)
    return Figure(f"{amount:,f}", "", symbol(currency), MINUS if cents < 0 else "")


def signed(cents: int, currency: str | None, direction: str | None) -> Figure:
    """A movement, exact: + for money that came to the customer (credit), − for money that left (debit)."""
    sign = {"credit": "+", "debit": MINUS}.get(direction or "", "")
    return replace(money_exact(cents, currency), sign=sign or (MINUS if cents < 0 else ""))


def count(number: int | None, unit: str = "") -> Figure:
    """A whole number with separators; counts are not shortened, people reconcile them."""
    if number is None:
        return Figure(NONE)
    return Figure(f"{abs(number):,}", unit, sign=MINUS if number < 0 else "")


def share(ratio: float | None) -> Figure:
    """0.0682 -> 6.82 %; one decimal from 10 % on."""
    if ratio is None:
        return Figure(NONE)
    percent = abs(Decimal(str(ratio)) * 100)
    places = 0 if not percent else 1 if percent >= 10 else 2
    return Figure(f"{percent:.{places}f}", "%", sign=MINUS if ratio < 0 else "")


def decimal(number: float | None, unit: str = "") -> Figure:
    """Anything else that is counted in parts: at most two decimals, none when whole."""
    if number is None:
        return Figure(NONE)
    text = f"{abs(Decimal(str(number))):,.2f}"
    return Figure(text.rstrip("0").rstrip("."), unit, sign=MINUS if number < 0 else "")


def measured(value: Any, unit: str, currency: str | None, locale: Locale) -> Figure:
    """A value of the customer view or a KPI by its declared unit: cents, ratio, count, days, months, years, date."""
    if value is None or value == "":
        return Figure(NONE)
    if unit == "cents":
        return money(round(value), currency, locale)
    if unit == "ratio":
        return share(value)
    if isinstance(value, date):
        return Figure(day(value))
    word = _UNITS.get(unit)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return Figure(_YES_NO[value].in_(locale) if isinstance(value, bool) else str(value))
    written = count(int(value)) if value == int(value) else decimal(value)
    return replace(written, unit=word.in_(locale) if word else "")


def points_changed(now: float | None, before: float | None, locale: Locale) -> Change | None:
    """Change of a share, in percentage points; None when there is nothing to compare."""
    if now is None or before is None:
        return None
    points = (Decimal(str(now)) - Decimal(str(before))) * 100
    return _change(points, f"{abs(points):.2f}", " 个百分点" if locale == "zh" else " pp", locale)


def relatively_changed(now: float | None, before: float | None, locale: Locale) -> Change | None:
    """Relative change of an amount or count, in per cent; None when there is nothing to compare with."""
    if now is None or not before:
        return None
    percent = (Decimal(str(now)) - Decimal(str(before))) / abs(Decimal(str(before))) * 100
    return _change(percent, f"{abs(percent):.1f}", "%", locale)


def day(value: date | None) -> str:
    """2026-06-30, in both languages: it sorts, and nobody takes the month for the day."""
    return NONE if value is None else value.isoformat()[:10]


def moment(value: datetime | None) -> str:
    """2026-06-30 08:15 in the bank's zone."""
    return NONE if value is None else f"{value.astimezone(ZoneInfo(settings().zone)):%Y-%m-%d %H:%M}"


def age(seconds: float | None, locale: Locale) -> Figure:
    """A span of time in its greatest whole unit: 40 sec, 12 min, 5 hr, 3 days."""
    if seconds is None:
        return Figure(NONE)
    step, units = max((step for step in _AGES if seconds >= step[0]), default=_AGES[0])
    return Figure(f"{int(max(seconds, 0)) // step:,}", unit=units[locale])


def weekday(value: date, locale: Locale) -> str:
    """6月30日 周二 / Tue 30 Jun."""
    if locale == "zh":
        return f"{value.month}月{value.day}日 周{'一二三四五六日'[value.weekday()]}"
    return f"{_WEEKDAYS[value.weekday()]} {value.day} {_MONTHS[value.month - 1]}"


def axis_scale(most_cents: int, currency: str, locale: Locale) -> tuple[Decimal, str]:
    """For a chart's axis: what to divide minor units by, and the axis' name (万元, K)."""
    amount = major_units(most_cents, currency)
    step, unit = max((step for step in _STEPS[locale] if amount >= step[0]), default=(1, ""))
    minor = Decimal(1) / major_units(1, currency)
    return step * minor, f"{symbol(currency).strip()} {unit}".strip()


def _shortened(amount: Decimal, locale: Locale) -> tuple[str, str]:
    if amount < _SHORT_FROM:
        rounded = _rounded(amount, 2 if amount < 100 and amount != amount.to_integral_value() else 0)
        if rounded < _SHORT_FROM:
            return f"{rounded:,f}", ""
    steps = [step for step in _STEPS[locale] if step[0] <= max(amount, _SHORT_FROM)]
    step, unit = steps[-1]
    scaled = _three_digits(amount / step)
    bigger = [other for other in _STEPS[locale] if other[0] > step]
    if bigger and scaled * step >= bigger[0][0]:  # 9,999.9万 rounds up to 1亿
        step, unit = bigger[0]
        scaled = _three_digits(amount / step)
    return f"{scaled:,f}", unit


def _three_digits(number: Decimal) -> Decimal:
    """At least three: 1.23, 12.3, 123.4, 1,234; rounded first, so that 9.999 is 10.0."""
    for places, below in ((2, 10), (1, 1000)):
        if (rounded := _rounded(number, places)) < below:
            return rounded
    return _rounded(number, 0)


def _rounded(number: Decimal, places: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)


def _change(amount: Decimal, text: str, unit: str, locale: Locale) -> Change:
    if not Decimal(text):
        return Change("flat", "持平" if locale == "zh" else "unchanged")
    return Change("up" if amount > 0 else "down", f"{'+' if amount > 0 else MINUS}{text}{unit}")
