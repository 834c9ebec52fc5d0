"""What charts.js draws: numbers scaled and words chosen here, so that no second place formats an amount."""

from datetime import date
from typing import Any

from zhike.core.text import Locale
from zhike.interfaces.console import formatting
from zhike.interfaces.console.texts import said
from zhike.operations.customers.shapes import MonthlySpend


def months(spend: list[MonthlySpend], currency: str | None, as_of: str, locale: Locale) -> dict[str, Any]:
    """Bars of monthly spend; empty when nothing was spent. The month that is not over is drawn pale and says so."""
    if currency is None or not any(month.purchases or month.spend_cents for month in spend):
        return {}
    most = max(abs(month.spend_cents) for month in spend)
    divisor, unit = formatting.axis_scale(most, currency, locale)
    day = date.fromisoformat(as_of)
    partial = (spend[-1].month.year, spend[-1].month.month) == (day.year, day.month) and not _last_of_month(day)
    return {
        "labels": [f"{month.month:%Y-%m}" for month in spend],
        "values": [float(round(month.spend_cents / divisor, 4)) for month in spend],
        "texts": [str(formatting.money(month.spend_cents, currency, locale)) for month in spend],
        "notes": [said("customer.spend.count", count=f"{month.purchases:,}") for month in spend],
        "partial": said("customer.spend.partial", day=as_of) if partial else "",
        "unit": unit,
    }


def _last_of_month(day: date) -> bool:
    return date.fromordinal(day.toordinal() + 1).day == 1
