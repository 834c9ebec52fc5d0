"""Words, icons and figures in templates. Built in: a page's template loads nothing."""

from datetime import date, datetime
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from zhike.core.text import Text
from zhike.interfaces.console import formatting
from zhike.interfaces.console.formatting import Figure
from zhike.interfaces.console.language import locale
from zhike.interfaces.console.texts import said

register = template.Library()


@register.simple_tag
def t(key: str, **places: Any) -> str:
    """``{% t "frame.as_of" day=day %}``: the text of a key in the reader's language."""
    return said(key, **places)


@register.filter
def words(text: Text | None) -> str:
    """``{{ page.title|words }}``: a `Text` in the reader's language."""
    return text.in_(locale()) if text else ""


@register.simple_tag(takes_context=True)
def money(context: template.Context, cents: int | None) -> SafeString:
    """An amount in the reporting currency, shortened."""
    return figure(formatting.money(cents, context.get("currency"), locale()))


@register.simple_tag(takes_context=True)
def money_exact(context: template.Context, cents: int | None, currency: str | None = None) -> SafeString:
    """An amount to the last minor unit."""
    return figure(formatting.money_exact(cents, currency or context.get("currency")))


@register.simple_tag
def count(number: int | None) -> SafeString:
    """A whole number with separators."""
    return figure(formatting.count(number))


@register.simple_tag
def share(ratio: float | None) -> SafeString:
    """A ratio as per cent."""
    return figure(formatting.share(ratio))


@register.simple_tag
def figure(shown: Figure | None) -> SafeString:
    """A `Figure` with its unit set light and small."""
    if shown is None:
        return format_html("{}", formatting.NONE)
    gap = " " if len(shown.unit) > 1 and shown.unit[0].isascii() else ""
    unit = format_html('<span class="unit">{}{}</span>', gap, shown.unit) if shown.unit else ""
    return format_html("{}{}{}{}", shown.sign, shown.symbol, shown.number, unit)


@register.filter
def day(value: date | None) -> str:
    return formatting.day(value or None)


@register.filter
def moment(value: datetime | None) -> str:
    return formatting.moment(value or None)


@register.filter
def weekday(value: date) -> str:
    return formatting.weekday(value, locale())


@register.filter
def short(customer_id: str) -> str:
    """The last group of an id: its random part, enough to tell customers in a list apart."""
    return customer_id.rsplit("-", 1)[-1]


@register.simple_tag
def widths(shares: list[Any] | None) -> list[tuple[Any, str]]:
    """Each share with the width of its bar, the greatest taking the whole."""
    most = max((one.customers for one in shares or ()), default=0) or 1
    return [(one, f"{one.customers / most * 100:.2f}%") for one in shares or ()]


@register.simple_tag
def balance(source: Any) -> int:
    """Rows in that are neither accepted nor quarantined: 0, or the load is wrong."""
    return int(source.rows_in - source.accepted - source.quarantined)


@register.simple_tag
def said_as(prefix: str, code: str) -> str:
    """``{% said_as "customer.outcome" one.outcome %}``: the text ``customer.outcome.<code>``."""
    return said(f"{prefix}.{code}")


@register.simple_tag
def field_title(field: str) -> str:
    """The title of a field of an identity; the card's last four digits are searched, not kept."""
    return said(f"field.{field}")
